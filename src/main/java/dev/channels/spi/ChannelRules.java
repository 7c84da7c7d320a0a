package dev.channels.spi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What holds for which channels: for some by their exact names, for others by a prefix, which is
 * written with an asterisk at its end. The exact name decides, or else the longest prefix. Names
 * are compared as they are: case and Unicode form count, as they do for channels.
 *
 * <p>Immutable, if the values are.
 *
 * @param <T> what holds
 */
public final class ChannelRules<T> {

    private static final String ANY_END = "*";

    private record Rule<T>(List<String> channels, T value) {}

    private final List<Rule<T>> rules;
    private final Map<String, T> names = new HashMap<>();
    private final TreeMap<String, T> prefixes = new TreeMap<>();

    private ChannelRules(List<Rule<T>> rules) {
        this.rules = List.copyOf(rules);
        for (Rule<T> rule : rules) {
            for (String channel : rule.channels()) {
                if (channel.endsWith(ANY_END)) {
                    int end = channel.length() - ANY_END.length();
                    prefixes.put(channel.substring(0, end), rule.value());
                } else {
                    names.put(channel, rule.value());
                }
            }
        }
    }

    /**
     * Returns the rules that say nothing of any channel.
     *
     * @param <T> what would hold
     * @return the rules
     */
    public static <T> ChannelRules<T> none() {
        return new ChannelRules<>(List.of());
    }

    /**
     * Makes rules.
     *
     * @param values what holds
     * @param channels tells the names and prefixes for which a value holds; no two values have one
     *     in common
     * @param <T> what holds
     * @return the rules
     */
    public static <T> ChannelRules<T> of(
            Collection<T> values, Function<? super T, ? extends Collection<String>> channels) {
        List<Rule<T>> rules = new ArrayList<>();
        values.forEach(value -> rules.add(new Rule<>(List.copyOf(channels.apply(value)), value)));
        return new ChannelRules<>(rules);
    }

    /**
     * Returns what holds for a channel.
     *
     * @param channel its name
     * @param otherwise what holds for channels that no rule names
     * @return the value of the exact name, or else of the longest prefix, or else the other one
     */
    public T of(String channel, T otherwise) {
        T exact = names.get(channel);
        if (exact != null) {
            return exact;
        }
        for (Map.Entry<String, T> near = prefixes.floorEntry(channel);
                near != null;
                near = prefixes.lowerEntry(near.getKey())) {
            if (channel.startsWith(near.getKey())) {
                return near.getValue();
            }
        }
        return otherwise;
    }

    /**
     * Makes rules of others for the same channels.
     *
     * @param function makes a value of another; called once for each
     * @param <R> what holds then
     * @return the rules
     */
    public <R> ChannelRules<R> map(Function<? super T, ? extends R> function) {
        List<Rule<R>> mapped = new ArrayList<>();
        rules.forEach(
                rule -> mapped.add(new Rule<>(rule.channels(), function.apply(rule.value()))));
        return new ChannelRules<>(mapped);
    }

    /**
     * Returns what holds for any channel.
     *
     * @return the values, in the order in which they were given
     */
    public Stream<T> values() {
        return rules.stream().map(Rule::value);
    }
}
