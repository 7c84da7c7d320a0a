package dev.channels.backend.redis.streams;

import dev.channels.backend.redis.connection.RedisSettings;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names in Redis. No prefix, kind or channel has a slash, so two applications with other
 * prefixes never share a name.
 *
 * <pre>
 *   prefix/stream/channel       the events
 *   prefix/head/channel         a hash: the epoch of the stream, the offset of the last event
 *   prefix/presence/channel     a hash: who is there
 *   prefix/lease/name           a hash: who holds a lease, and where its work stands
 *   prefix/publisher/id         the last sequence number accepted from a publisher
 *   prefix/push/database/channel  the Pub/Sub channel: Pub/Sub knows no databases
 *   prefix/{partition}/stream/channel …  on Redis Cluster, also with one partition: the script that
 *                               publishes needs the keys of several channels in one hash slot
 * </pre>
 *
 * @see <a href="https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/">Hash
 *     tags</a>
 */
record StreamKeys(String prefix, int partitions, int database) {

    private static final Pattern OF_A_CHANNEL =
            Pattern.compile("(\\{\\d+}/)?(?<kind>stream|head)/[^/]*");

    static StreamKeys of(StreamSettings settings) {
        RedisSettings redis = settings.redis();
        return new StreamKeys(redis.prefix(), settings.partitions(), redis.address().database());
    }

    int partition(String channel) {
        return partitions == 0 ? 0 : Math.floorMod(channel.hashCode(), partitions);
    }

    String stream(String channel) {
        return base(partition(channel)) + "stream/" + channel;
    }

    String head(String channel) {
        return base(partition(channel)) + "head/" + channel;
    }

    String presence(String channel) {
        return base(partition(channel)) + "presence/" + channel;
    }

    String lease(String name) {
        return base(partition(name)) + "lease/" + name;
    }

    String publisher(int partition, String id) {
        return base(partition) + "publisher/" + id;
    }

    String push(String channel) {
        return prefix + "/push/" + database + "/" + channel;
    }

    private String base(int partition) {
        return partitions == 0 ? prefix + "/" : prefix + "/{" + partition + "}/";
    }

    /** A pattern for SCAN that matches at least all streams and heads. */
    String pattern() {
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < prefix.length(); i++) {
            char c = prefix.charAt(i);
            if ("*?[]^-\\".indexOf(c) >= 0) {
                pattern.append('\\');
            }
            pattern.append(c);
        }
        return pattern.append("/*").toString();
    }

    /** Whether a key is the stream or the head of a channel of this prefix, in any partition. */
    boolean isChannel(String key) {
        return !kind(key).isEmpty();
    }

    boolean isStream(String key) {
        return kind(key).equals("stream");
    }

    private String kind(String key) {
        if (!key.startsWith(prefix + "/")) {
            return "";
        }
        Matcher matcher = OF_A_CHANNEL.matcher(key.substring(prefix.length() + 1));
        return matcher.matches() ? matcher.group("kind") : "";
    }
}
