package dev.channels.config;

import dev.channels.BacklogStrategy;
import dev.channels.SendMode;
import dev.channels.UserChannels;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.ChannelNames;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.eclipse.microprofile.config.Config;

/** Reads the configuration once, and reports everything that is wrong with it. */
public final class ConfigReader {

    private final Config config;
    private final Values values;
    private final Problems problems;

    private ConfigReader(Config config, Problems problems) {
        this.config = config;
        this.problems = problems;
        this.values = new Values(config, "", problems);
    }

    /**
     * Reads the keys of the Server-Sent Events, before all others are read.
     *
     * @param source where they stand
     * @return what they say; defaults for what is invalid, which is reported when all are read
     */
    public static SseConfig peekSse(Config source) {
        return new SseReader(new Values(source, "", new Problems())).read();
    }

    /**
     * Reads the keys of the plugin. The backends read their own.
     *
     * @param config the source
     * @param factories the backends that there are, for their keys
     * @param problems takes what is wrong; defaults stand in for it
     * @return the configuration; not to be used if there are problems
     */
    public static ChannelsConfig read(
            Config config, Collection<BackendFactory> factories, Problems problems) {
        ConfigReader reader = new ConfigReader(config, problems);
        new UnknownKeys(factories).report(config, reader.text(Key.BACKEND), problems);
        ChannelsConfig read = reader.read();
        reader.reportContradictions(read);
        return read;
    }

    private ChannelsConfig read() {
        return new ChannelsConfig(
                text(Key.BACKEND),
                flag(Key.BACKEND_REQUIRED),
                names(),
                flag(Key.ARBITRARY_CHANNELS_ALLOWED),
                flag(Key.CREATE_WS_ROUTE_HANDLERS),
                number(Key.WS_HANDLER_SEND_HISTORY, Integer.MIN_VALUE),
                basePath(),
                values.choice(Key.WS_SEND_MODE.key(), SendMode.TEXT),
                positive(Key.WS_SEND_TIMEOUT),
                duration(Key.WS_PING_INTERVAL),
                number(Key.WS_MAX_MESSAGE_SIZE, 0),
                new SecurityReader(values).read(policies()),
                maxBacklog(),
                maxBacklogBytes(),
                values.choice(Key.SUBSCRIBER_BACKLOG_STRATEGY.key(), BacklogStrategy.BACKOFF),
                text(Key.SUBSCRIBER_CLASS),
                List.copyOf(values.list(Key.TYPE_ENCODERS.key())),
                text(Key.MANAGED_EXECUTOR),
                text(Key.MANAGED_SCHEDULED_EXECUTOR),
                sendConcurrency(),
                number(Key.PUBLISH_QUEUE_MAX_EVENTS, 1),
                values.number(
                        Key.PUBLISH_QUEUE_MAX_BYTES.key(),
                        Long.parseLong(Key.PUBLISH_QUEUE_MAX_BYTES.defaultValue()),
                        1,
                        Long.MAX_VALUE),
                values.choice(Key.PUBLISH_IN_TRANSACTION.key(), PublishMoment.AT_ONCE)
                        == PublishMoment.AFTER_COMMIT,
                values.number(
                        Key.HISTORY_CACHE_MAX_BYTES.key(),
                        Long.parseLong(Key.HISTORY_CACHE_MAX_BYTES.defaultValue()),
                        0,
                        Long.MAX_VALUE),
                positive(Key.SUBSCRIBE_TIMEOUT),
                duration(Key.DRAIN_TIME),
                duration(Key.SHUTDOWN_TIMEOUT),
                new ClientReader(values).read(),
                new SseReader(values).read());
    }

    // ---- Values

    private String text(Key key) {
        return values.text(key.key()).orElse(key.defaultValue());
    }

    private boolean flag(Key key) {
        return values.flag(key.key(), Boolean.parseBoolean(key.defaultValue()));
    }

    private int number(Key key, int min) {
        int defaultValue = Integer.parseInt(key.defaultValue());
        return (int) values.number(key.key(), defaultValue, min, Integer.MAX_VALUE);
    }

    private Duration duration(Key key) {
        return values.duration(key.key(), Values.toDuration(key.defaultValue()));
    }

    private Duration positive(Key key) {
        Duration duration = duration(key);
        if (duration.isZero()) {
            values.problem(key.key(), "it must be longer than nothing", "Write for example 10s.");
        }
        return duration;
    }

    private OptionalInt maxBacklog() {
        String key = Key.SUBSCRIBER_MAX_BACKLOG.key();
        return values.text(key).isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of((int) values.number(key, 1, 1, Integer.MAX_VALUE));
    }

    private OptionalLong maxBacklogBytes() {
        String key = Key.SUBSCRIBER_MAX_BACKLOG_BYTES.key();
        return values.text(key).isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(values.number(key, 1, 1, Long.MAX_VALUE));
    }

    private int sendConcurrency() {
        int configured = (int) values.number(Key.SEND_CONCURRENCY.key(), 0, 0, 1_000);
        return configured > 0 ? configured : Runtime.getRuntime().availableProcessors();
    }

    private List<PolicyConfig> policies() {
        List<String> written =
                UnknownKeys.sources(config).stream()
                        .flatMap(source -> source.getPropertyNames().stream())
                        .toList();
        return new PolicyReader(values, names(), flag(Key.ARBITRARY_CHANNELS_ALLOWED))
                .read(written);
    }

    private Set<String> names() {
        String key = Key.NAMES.key();
        Set<String> names = new LinkedHashSet<>();
        for (String name : values.list(key)) {
            if (!ChannelNames.isValid(name)) {
                values.problem(
                        key,
                        "'" + name + "' cannot be the name of a channel",
                        "A name has " + ChannelNames.RULE + ".");
            } else if (name.equals("*")) {
                values.problem(
                        key,
                        "a family has a name before its asterisk",
                        "Write for example order-*, or set channels.arbitrary-channels-allowed=true"
                                + " to allow any name.");
            } else if (UserChannels.contains(name)) {
                values.problem(
                        key,
                        "'" + name + "' begins with #, as the channels of users do",
                        "Rename it; or leave it out if it is to be a user's own, since those exist"
                                + " without being declared.");
            } else if (!names.add(name)) {
                values.problem(key, "'" + name + "' is named twice", "Name each channel once.");
            } else if (name.indexOf(';') >= 0) {
                values.doubt(
                        key,
                        "'" + name + "' is one channel, with a semicolon in its name",
                        "Separate names by commas.");
            }
        }
        return Collections.unmodifiableSet(names);
    }

    private String basePath() {
        String key = Key.WS_HANDLER_BASE_PATH.key();
        String path = text(Key.WS_HANDLER_BASE_PATH);
        if (!path.matches("/|(/[A-Za-z0-9._~!$&'()*+,=:@-]+)+/?")
                || path.matches(".*/\\.\\.?(/.*)?")) {
            values.problem(
                    key,
                    "not a path that an endpoint can be under",
                    "Begin it with '/', for example /ws, and use letters, digits and ._~!$&'()*+,=:@-"
                            + " only.");
            return "/";
        }
        return path.endsWith("/") ? path : path + "/";
    }

    // ---- Problems between keys

    private void reportContradictions(ChannelsConfig read) {
        if (read.client().endpoint()) {
            reportPathAmongChannels(Key.CLIENT_PATH, read.client().path(), read);
        }
        if (read.sse().endpoint()) {
            reportPathAmongChannels(Key.SSE_PATH, read.sse().path(), read);
            reportTwoDoorsOnAPath(read);
        }
        if (values.text(Key.NAMES.key()).isEmpty() && !read.arbitraryChannelsAllowed()) {
            problems.add(
                    Key.NAMES.key(),
                    "",
                    "",
                    "no channel can exist",
                    "Name the channels (channels.names=ticks,chat), or set"
                            + " channels.arbitrary-channels-allowed=true. In an EAR, put the"
                            + " properties into a JAR of its lib: not every server sees those of"
                            + " a WAR at boot.");
        }
        if (read.createWsRouteHandlers()) {
            for (String name : read.names()) {
                if (!ChannelNames.isPathSegment(name)) {
                    values.problem(
                            Key.NAMES.key(),
                            "'" + name + "' cannot be a segment of a path on every server",
                            "Rename it: no \\, ? or #, and neither . nor .. alone; or set"
                                    + " channels.create-ws-route-handlers=false.");
                }
            }
        }
    }

    /** The template of the plain endpoints takes every segment below its path. */
    private void reportPathAmongChannels(Key key, String path, ChannelsConfig read) {
        String base = read.wsHandlerBasePath();
        if (read.createWsRouteHandlers()
                && path.startsWith(base)
                && path.indexOf('/', base.length()) < 0) {
            values.problem(
                    key.key(),
                    "the endpoints of single channels are below " + base + " already",
                    "Choose a path with another number of segments, or move those"
                            + " (channels.ws-handler-base-path).");
        }
    }

    private void reportTwoDoorsOnAPath(ChannelsConfig read) {
        if (read.client().endpoint() && read.client().path().equals(read.sse().path())) {
            values.problem(
                    Key.SSE_PATH.key(),
                    read.sse().path(),
                    "the client endpoint is on this path already",
                    "Move one of them (channels.client-path).");
        }
    }
}
