package dev.channels.config;

import dev.channels.UserChannels;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.Key;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
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
     * Reads whether there is the console, before all other keys are read.
     *
     * @param source where they stand
     * @return what they say; defaults for what is invalid, which is reported when all are read
     */
    public static ConsoleConfig peekConsole(Config source) {
        return new ConsoleReader(new Values(source, "", new Problems())).read();
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
        new UnknownKeys(factories).report(config, reader.values.get(Keys.BACKEND), problems);
        ChannelsConfig read = reader.read();
        reader.reportContradictions(read);
        return read;
    }

    private ChannelsConfig read() {
        return new ChannelsConfig(
                values.get(Keys.BACKEND),
                values.get(Keys.BACKEND_REQUIRED),
                names(),
                values.get(Keys.ARBITRARY_CHANNELS_ALLOWED),
                values.get(Keys.CREATE_WS_ROUTE_HANDLERS),
                values.get(Keys.WS_HANDLER_SEND_HISTORY),
                basePath(),
                values.get(Keys.WS_SEND_MODE),
                values.get(Keys.WS_SEND_TIMEOUT),
                values.get(Keys.WS_PING_INTERVAL),
                values.get(Keys.WS_MAX_MESSAGE_SIZE),
                new SecurityReader(values).read(policies()),
                values.limit(Keys.SUBSCRIBER_MAX_BACKLOG),
                values.find(Keys.SUBSCRIBER_MAX_BACKLOG_BYTES)
                        .map(OptionalLong::of)
                        .orElseGet(OptionalLong::empty),
                values.get(Keys.SUBSCRIBER_BACKLOG_STRATEGY),
                values.get(Keys.SUBSCRIBER_CLASS),
                values.find(Keys.TYPE_ENCODERS).orElse(List.of()),
                values.get(Keys.MANAGED_EXECUTOR),
                values.get(Keys.MANAGED_SCHEDULED_EXECUTOR),
                sendConcurrency(),
                values.get(Keys.PUBLISH_QUEUE_MAX_EVENTS),
                values.get(Keys.PUBLISH_QUEUE_MAX_BYTES),
                values.get(Keys.PUBLISH_IN_TRANSACTION) == PublishMoment.AFTER_COMMIT,
                values.get(Keys.HISTORY_CACHE_MAX_BYTES),
                values.get(Keys.SUBSCRIBE_TIMEOUT),
                values.get(Keys.DRAIN_TIME),
                values.get(Keys.SHUTDOWN_TIMEOUT),
                new ClientReader(values).read(),
                new SseReader(values).read(),
                new ConsoleReader(values).read());
    }

    // ---- Values

    private int sendConcurrency() {
        int configured = values.get(Keys.SEND_CONCURRENCY);
        return configured > 0 ? configured : Runtime.getRuntime().availableProcessors();
    }

    private List<PolicyConfig> policies() {
        List<String> written =
                UnknownKeys.sources(config).stream()
                        .flatMap(source -> source.getPropertyNames().stream())
                        .toList();
        return new PolicyReader(values, names(), values.get(Keys.ARBITRARY_CHANNELS_ALLOWED))
                .read(written);
    }

    private Set<String> names() {
        Key<List<String>> key = Keys.NAMES;
        Set<String> names = new LinkedHashSet<>();
        for (String name : values.find(key).orElse(List.of())) {
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
        String path = values.get(Keys.WS_HANDLER_BASE_PATH);
        if (!path.matches("/|(/[A-Za-z0-9._~!$&'()*+,=:@-]+)+/?")
                || path.matches(".*/\\.\\.?(/.*)?")) {
            values.problem(
                    Keys.WS_HANDLER_BASE_PATH,
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
            reportPathAmongChannels(Keys.CLIENT_PATH, read.client().path(), read);
        }
        if (read.sse().endpoint()) {
            reportPathAmongChannels(Keys.SSE_PATH, read.sse().path(), read);
            reportTwoDoorsOnAPath(read);
        }
        if (values.text(Keys.NAMES.name()).isEmpty() && !read.arbitraryChannelsAllowed()) {
            problems.add(
                    Keys.NAMES.name(),
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
                            Keys.NAMES,
                            "'" + name + "' cannot be a segment of a path on every server",
                            "Rename it: no \\, ? or #, and neither . nor .. alone; or set"
                                    + " channels.create-ws-route-handlers=false.");
                }
            }
        }
    }

    /** The template of the plain endpoints takes every segment below its path. */
    private void reportPathAmongChannels(Key<String> key, String path, ChannelsConfig read) {
        String base = read.wsHandlerBasePath();
        if (read.createWsRouteHandlers()
                && path.startsWith(base)
                && path.indexOf('/', base.length()) < 0) {
            values.problem(
                    key,
                    "the endpoints of single channels are below " + base + " already",
                    "Choose a path with another number of segments, or move those"
                            + " (channels.ws-handler-base-path).");
        }
    }

    private void reportTwoDoorsOnAPath(ChannelsConfig read) {
        if (read.client().endpoint() && read.client().path().equals(read.sse().path())) {
            values.problem(
                    Keys.SSE_PATH,
                    read.sse().path(),
                    "the client endpoint is on this path already",
                    "Move one of them (channels.client-path).");
        }
    }
}
