-- The tables of the PostgreSQL backend of Channels EE, for PostgreSQL 12 and later: version 1.
--
-- The backend creates them by itself, unless channels.postgresql.create-tables=false. To create
-- them by hand, replace the prefix channels_ by that of channels.postgresql.table-prefix, leave the
-- double quotes where they are, and run this file in the schema of channels.postgresql.schema:
--     SET search_path TO "TheSchema";
-- The user of the backend needs SELECT, INSERT, UPDATE and DELETE on all eight, and USAGE on the
-- sequence. The database must have the encoding UTF8.

-- One row per channel that was ever published to or asked for. Its row lock hands out the offsets.
CREATE TABLE IF NOT EXISTS "channels_channel" (
    id          bigint PRIMARY KEY,                    -- random: names one life of the channel
    name        text COLLATE "C" NOT NULL UNIQUE,      -- the exact name
    last_offset bigint NOT NULL DEFAULT 0,             -- the offset of the newest event
    base        bigint NOT NULL DEFAULT 0,             -- last_offset when the present epoch began
    tx          bigint NOT NULL DEFAULT txid_current(),-- the transaction that published last
    updated     timestamptz NOT NULL DEFAULT now()     -- when that was
) WITH (fillfactor = 50);

-- One row per event and channel.
CREATE TABLE IF NOT EXISTS "channels_event" (
    channel_id  bigint NOT NULL,
    "offset"    bigint NOT NULL,                       -- 1, 2, 3 … without holes
    created     timestamptz NOT NULL DEFAULT now(),
    payload     bytea NOT NULL,
    headers     bytea,                                 -- null if there are none
    PRIMARY KEY (channel_id, "offset")
);

-- One row per start of a node: what was accepted from it, so that a repetition is recognised.
CREATE TABLE IF NOT EXISTS "channels_publisher" (
    id          bigint PRIMARY KEY,
    sequence    bigint NOT NULL,
    seen        timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

-- One row in all: names one life of these tables, so that a restored copy is recognised.
CREATE TABLE IF NOT EXISTS "channels_life" (
    one         boolean PRIMARY KEY DEFAULT true CHECK (one),
    epoch       text NOT NULL,
    identity    text NOT NULL,                         -- server, timeline and table
    cleaned     timestamptz NOT NULL DEFAULT now(),    -- when a node last began to clean up
    version     integer NOT NULL DEFAULT 1             -- of these eight tables
) WITH (fillfactor = 50);

-- One row per start of a node that has clients: until when they are there without another word.
CREATE TABLE IF NOT EXISTS "channels_node" (
    id          bigint PRIMARY KEY,
    ending      timestamptz NOT NULL
) WITH (fillfactor = 50);

-- One row per client and channel: who is there, where a policy asks for it.
CREATE TABLE IF NOT EXISTS "channels_client" (
    channel      text COLLATE "C" NOT NULL,
    id           bytea NOT NULL,                       -- of the client, UTF-8, like what follows
    node         bigint NOT NULL,
    "user"       bytea NOT NULL,
    info         bytea,
    channel_info bytea,
    PRIMARY KEY (channel, id),
    UNIQUE (node, channel, id)
);

-- One row per event that a transaction of the application has written, until it is moved to its
-- channels: only with channels.postgresql.publish-in-transaction=join.
CREATE TABLE IF NOT EXISTS "channels_outbox" (
    ticket      bigint NOT NULL,                       -- of the transaction, drawn as it commits
    ordinal     integer NOT NULL,                      -- of the event in it: 1, 2, 3 …
    channels    text COLLATE "C" NOT NULL,             -- the exact names, a slash between them
    payload     bytea NOT NULL,
    headers     bytea,                                 -- null if there are none
    refused     text,                                  -- why it cannot be moved; null: try again
    PRIMARY KEY (ticket, ordinal)
);

-- The order of the transactions in the outbox.
CREATE SEQUENCE IF NOT EXISTS "channels_ticket";

-- One row per observer of a channel that one node at a time calls: which, and how far it has come.
CREATE TABLE IF NOT EXISTS "channels_lease" (
    name        text COLLATE "C" PRIMARY KEY,
    holder      text NOT NULL,                         -- empty: nobody
    ending      timestamptz NOT NULL,                  -- until when it is the holder's
    position    text                                   -- of the last event that is done with
) WITH (fillfactor = 50);
