package dev.channels.config;

import dev.channels.ChannelEvent;
import dev.channels.Delivery;
import dev.channels.Position;
import dev.channels.Start;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.DeclaredNames;
import dev.channels.spi.Key;
import dev.channels.spi.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads which channels of MicroProfile Reactive Messaging are connected to ours, and finds what is
 * wrong with them; Reactive Messaging itself would find it when a message comes.
 */
public final class ConnectorReader {

    /** The name of the connector. */
    public static final String CONNECTOR = "channels-ee";

    private static final String PREFIX = "mp.messaging.";
    private static final String DEFAULTS = PREFIX + "connector." + CONNECTOR + ".";
    private static final Pattern KEY =
            Pattern.compile("mp\\.messaging\\.(incoming|outgoing)\\.(.+)\\.connector");

    private static final Key<String> CHANNEL =
            Key.text("channel", "", "the name of our channel, if it is another one");
    private static final Key<Integer> HISTORY =
            Key.integer(
                    "history",
                    "0",
                    Integer.MIN_VALUE,
                    Integer.MAX_VALUE,
                    "how many events of the history come first");
    private static final Key<String> START =
            Key.text("start", "", "the position that an incoming channel begins after");
    private static final Key<String> PAYLOAD =
            Key.text("payload", "text", "what the payload of an incoming message is");
    private static final Key<Integer> MAX_IN_FLIGHT =
            Key.integer("max-in-flight", "100", 1, 10_000, "how many messages may be under way");
    private static final List<String> INCOMING =
            names(CHANNEL, HISTORY, START, PAYLOAD, MAX_IN_FLIGHT);
    private static final List<String> OUTGOING = names(CHANNEL, MAX_IN_FLIGHT);

    private final Values values;
    private final DeclaredNames declared;
    private final boolean anyChannel;
    private final BiFunction<String, String, @Nullable Class<?>> classes;

    /**
     * Makes a reader.
     *
     * @param values takes the problems; its prefix is empty
     * @param config tells which channels there are
     * @param classes loads the class that a key names; null if there is a problem, which it reports
     */
    public ConnectorReader(
            Values values,
            ChannelsConfig config,
            BiFunction<String, String, @Nullable Class<?>> classes) {
        this.values = values;
        this.declared = new DeclaredNames(config.names());
        this.anyChannel = config.arbitraryChannelsAllowed();
        this.classes = classes;
    }

    /**
     * Reads them.
     *
     * @param properties the names of all properties that there are
     * @return those whose connector is ours
     */
    public List<ConnectorConfig> read(Collection<String> properties) {
        List<ConnectorConfig> all = new ArrayList<>();
        for (String property : new TreeSet<>(properties)) {
            Matcher key = KEY.matcher(property);
            if (key.matches() && values.text(property).filter(CONNECTOR::equals).isPresent()) {
                boolean incoming = key.group(1).equals("incoming");
                String prefix = PREFIX + key.group(1) + "." + key.group(2) + ".";
                reportSlips(prefix, incoming ? INCOMING : OUTGOING, properties);
                all.add(read(incoming, key.group(2), prefix));
            }
        }
        return List.copyOf(all);
    }

    /** An attribute that is none of ours may be one of the implementation's, unless it is near. */
    private void reportSlips(String prefix, List<String> known, Collection<String> properties) {
        for (String property : properties) {
            String attribute =
                    property.startsWith(prefix) ? property.substring(prefix.length()) : "connector";
            if (!attribute.equals("connector") && !known.contains(attribute)) {
                Nearest.to(attribute, known)
                        .ifPresent(
                                near ->
                                        values.problem(
                                                property,
                                                "the connector has no such attribute",
                                                "Did you mean " + prefix + near + "?"));
            }
        }
    }

    private ConnectorConfig read(boolean incoming, String name, String prefix) {
        return new ConnectorConfig(
                incoming,
                name,
                channel(prefix, name),
                incoming ? start(prefix) : Start.now(),
                incoming ? payload(prefix) : byte[].class,
                values.below(holder(prefix, MAX_IN_FLIGHT)).get(MAX_IN_FLIGHT));
    }

    private static List<String> names(Key<?>... keys) {
        return Stream.of(keys).map(Key::name).toList();
    }

    /** What a channel does not say itself, the connector may say for all. */
    private String holder(String prefix, Key<?> key) {
        return values.text(prefix + key).isEmpty() && values.text(DEFAULTS + key).isPresent()
                ? DEFAULTS
                : prefix;
    }

    private String written(String prefix, Key<?> key) {
        return holder(prefix, key) + key;
    }

    private String channel(String prefix, String name) {
        String key = prefix + CHANNEL;
        String channel = values.text(key).orElse(name);
        if (!ChannelNames.isValid(channel)) {
            values.problem(
                    key,
                    channel,
                    "it cannot be the name of a channel",
                    "A name has " + ChannelNames.RULE + ".");
        } else if (!anyChannel && !declared.contains(channel)) {
            values.problem(
                    key,
                    channel,
                    "the channel is not declared",
                    "Add it, or a family such as order-*, to channels.names, or name another one"
                            + " here.");
        }
        return channel;
    }

    private Start start(String prefix) {
        String key = written(prefix, START);
        int history = values.below(holder(prefix, HISTORY)).get(HISTORY);
        Optional<String> start = values.text(key);
        if (start.isEmpty()) {
            return Start.last(history);
        }
        if (history != 0) {
            values.problem(
                    key,
                    "it contradicts " + written(prefix, HISTORY),
                    "Leave one of the two out: a channel begins with its last events, or after a"
                            + " position.");
        }
        try {
            return Start.after(Position.parse(start.get()));
        } catch (IllegalArgumentException e) {
            values.problem(
                    key,
                    "it is no position",
                    "Write the position of an event (epoch:offset), or leave this key out to begin"
                            + " with the next event.");
            return Start.now();
        }
    }

    private Class<?> payload(String prefix) {
        String key = written(prefix, PAYLOAD);
        String written = values.text(key).orElse(PAYLOAD.defaultValue());
        return switch (written) {
            case "text" -> String.class;
            case "bytes" -> byte[].class;
            case "event" -> ChannelEvent.class;
            case "delivery" -> Delivery.class;
            default -> {
                Class<?> loaded = classes.apply(key, written);
                yield loaded == null ? String.class : loaded;
            }
        };
    }
}
