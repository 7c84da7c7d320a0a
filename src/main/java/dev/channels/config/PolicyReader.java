package dev.channels.config;

import dev.channels.UserChannels;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.Key;
import dev.channels.spi.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the policies, and finds what is wrong between them. */
final class PolicyReader {

    /** What the keys of all policies begin with. */
    static final String PREFIX = "channels.policy.";

    private static final Pattern WRITTEN =
            Pattern.compile("channels\\.policy\\.([A-Za-z0-9_-]+)\\.([a-z-]+)");

    private static final Set<String> KEYS =
            PolicyKeys.ALL.stream().map(Key::name).collect(Collectors.toUnmodifiableSet());

    private final Values values;
    private final Set<String> declared;
    private final boolean anyChannel;
    private final Map<String, String> owners = new HashMap<>();

    /**
     * Makes a reader.
     *
     * @param declared the channels that there are, and families of them that end in {@code *}
     * @param anyChannel whether there may be others
     */
    PolicyReader(Values values, Set<String> declared, boolean anyChannel) {
        this.values = values;
        this.declared = declared;
        this.anyChannel = anyChannel;
    }

    /**
     * Reads the policies.
     *
     * @param names of all properties that there are
     */
    List<PolicyConfig> read(Collection<String> names) {
        Set<String> ids = new TreeSet<>();
        for (String name : new TreeSet<>(names)) {
            if (!name.startsWith(PREFIX)) {
                continue;
            }
            Matcher key = WRITTEN.matcher(name);
            if (!key.matches()) {
                values.problem(
                        name,
                        "there is no such key",
                        "Write channels.policy.<id>.<key>, the id in letters, digits, - and _.");
            } else if (!KEYS.contains(key.group(2))) {
                Optional<String> near = Nearest.to(key.group(2), KEYS);
                values.problem(
                        name,
                        "a policy has no such key",
                        near.map(n -> "Did you mean " + PREFIX + key.group(1) + "." + n + "?")
                                .orElse("Its keys are " + new TreeSet<>(KEYS) + "."));
                ids.add(key.group(1));
            } else {
                ids.add(key.group(1));
            }
        }
        List<PolicyConfig> policies = new ArrayList<>();
        ids.forEach(id -> policies.add(policy(id)));
        return List.copyOf(policies);
    }

    private PolicyConfig policy(String id) {
        Values policy = values.below(PREFIX + id + ".");
        return new PolicyConfig(
                id,
                channels(policy, PREFIX + id + "." + PolicyKeys.CHANNELS),
                access(policy, PolicyKeys.SUBSCRIBE),
                access(policy, PolicyKeys.PUBLISH),
                access(policy, PolicyKeys.PRESENCE),
                policy.get(PolicyKeys.JOIN_LEAVE),
                policy.get(PolicyKeys.RECOVER),
                policy.get(PolicyKeys.TELEMETRY_CHANNEL_NAMES));
    }

    private List<String> channels(Values policy, String key) {
        List<String> channels = policy.find(PolicyKeys.CHANNELS).orElse(List.of());
        if (values.text(key).isEmpty()) {
            values.problem(
                    key,
                    "it must be set",
                    "Name the channels of this policy, or prefixes of them that end in *, for example"
                            + " orders,chat-*.");
        }
        channels.forEach(channel -> check(key, channel));
        return channels;
    }

    private void check(String key, String channel) {
        boolean isPrefix = channel.endsWith("*");
        String name = isPrefix ? channel.substring(0, channel.length() - 1) : channel;
        String owner = owners.putIfAbsent(channel, key);
        if (!(isPrefix && name.isEmpty()) && !ChannelNames.isValid(name)) {
            values.problem(
                    key,
                    channel,
                    "it cannot be the name of a channel",
                    "A name has " + ChannelNames.RULE + ".");
        } else if (owner != null) {
            values.problem(
                    key,
                    channel,
                    "it is named twice, by " + owner + " too",
                    "Name it in one policy, once.");
        } else if (!anyChannel
                && !UserChannels.contains(channel)
                && declared.stream().noneMatch(one -> canFall(one, channel))) {
            values.problem(
                    key,
                    channel,
                    "no declared channel can fall under it",
                    "Correct it, or add the channel to channels.names.");
        }
    }

    /** Tells whether a declared channel, or one of a family, can fall under a name or prefix. */
    private static boolean canFall(String declared, String pattern) {
        if (declared.equals(pattern)) {
            return true;
        }
        String name = withoutStar(declared);
        String prefix = withoutStar(pattern);
        return (pattern.endsWith("*") && name.startsWith(prefix))
                || (declared.endsWith("*") && prefix.startsWith(name));
    }

    private static String withoutStar(String name) {
        return name.endsWith("*") ? name.substring(0, name.length() - 1) : name;
    }

    private static List<String> access(Values policy, Key<List<String>> key) {
        List<String> words = policy.get(key);
        for (String word : List.of(PolicyKeys.PERMIT_ALL, PolicyKeys.DENY_ALL)) {
            if (words.contains(word) && words.size() > 1) {
                policy.problem(
                        key,
                        word + " cannot stand beside others",
                        "Write " + word + " alone, or roles (** is anybody who is authenticated).");
            }
        }
        return words;
    }
}
