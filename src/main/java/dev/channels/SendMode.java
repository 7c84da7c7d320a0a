package dev.channels;

/** The kind of WebSocket frames in which events are sent. */
public enum SendMode {

    /** Text frames; an event that is not valid UTF-8 is skipped, counted and logged. */
    TEXT,

    /** Binary frames with the payload as it is. */
    BINARY
}
