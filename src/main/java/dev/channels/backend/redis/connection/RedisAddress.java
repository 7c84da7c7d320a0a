package dev.channels.backend.redis.connection;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is.
 *
 * @param cluster whether it is a Redis Cluster
 * @param uris one for a single Redis or for Sentinel; the seed nodes of a cluster. They hold
 *     secrets.
 */
public record RedisAddress(boolean cluster, List<RedisURI> uris) {

    static final String FORMS =
            "set it to redis://[[user]:password@]host[:port][/database], rediss://… with TLS,"
                    + " redis-sentinel://host1[:port1],host2[:port2][/database]#master, or"
                    + " redis-cluster://host1:port1,host2:port2; in user and password write"
                    + " characters other than letters and digits as %XX";

    /**
     * Reads an address.
     *
     * @param connectTimeout how long an attempt to connect may take in all; each host gets a share
     * @return the address, or null if the text is none
     */
    static @Nullable RedisAddress parse(String text, Duration connectTimeout) {
        int authority = text.indexOf("://") + 3;
        if (authority < 3 || text.indexOf('@', endOfHosts(text, authority)) >= 0) {
            // A password with one of these characters would be taken for a host, and shown.
            return null;
        }
        // Whatever Lettuce throws here holds the text, and the text may hold a password.
        try {
            RedisAddress address =
                    switch (text.substring(0, authority).toLowerCase(Locale.ROOT)) {
                        case "redis://", "rediss://", "redis-sentinel://", "rediss-sentinel://" ->
                                new RedisAddress(false, List.of(RedisURI.create(text)));
                        case "redis-cluster://" -> cluster("redis://", text);
                        case "rediss-cluster://" -> cluster("rediss://", text);
                        default -> null;
                    };
            if (address == null || !address.hosts().allMatch(RedisAddress::isHost)) {
                return null;
            }
            Duration share = connectTimeout.dividedBy(address.inARow());
            Stream.concat(address.uris.stream(), address.hosts())
                    .forEach(uri -> uri.setTimeout(share));
            return address;
        } catch (RuntimeException e) {
            return null;
        }
    }

    /** Lettuce takes anything for a host, a user with a part of a password too. */
    private static boolean isHost(RedisURI uri) {
        return uri.getHost()
                .matches("[\\p{L}\\p{N}._-]+|\\[?[0-9A-Fa-f.%]*:[0-9A-Fa-f:.%]*:[^:]*]?");
    }

    private static int endOfHosts(String text, int from) {
        int end = from;
        while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private static RedisAddress cluster(String scheme, String text) {
        String rest = text.substring(text.indexOf("://") + 3);
        int at = rest.lastIndexOf('@');
        String user = rest.substring(0, at + 1);
        String hosts = rest.substring(at + 1);
        int end = endOfHosts(hosts, 0);
        String query = hosts.substring(end);
        List<RedisURI> seeds = new ArrayList<>();
        for (String host : hosts.substring(0, end).split(",", -1)) {
            seeds.add(RedisURI.create(scheme + user + host + query));
        }
        return new RedisAddress(true, List.copyOf(seeds));
    }

    /**
     * How many hosts Lettuce waits for one after the other, so that silent ones leave time for the
     * others: each Sentinel, then the master; of a cluster, where Lettuce asks all nodes at a time,
     * the seeds, what they answer, the nodes they name, a connection for the subscriptions, and a
     * master.
     */
    private int inARow() {
        return cluster ? 5 : uris.get(0).getSentinels().size() + 1;
    }

    /** The number of the database; a cluster has only 0. */
    public int database() {
        return uris.get(0).getDatabase();
    }

    /** The address without user, password and options. */
    @Override
    public String toString() {
        RedisURI first = uris.get(0);
        String tls = first.isSsl() ? "rediss" : "redis";
        if (cluster) {
            return tls + "-cluster://" + shownHosts();
        }
        String database = first.getDatabase() == 0 ? "" : "/" + first.getDatabase();
        if (first.getSentinels().isEmpty()) {
            return tls + "://" + shownHosts() + database;
        }
        return tls + "-sentinel://" + shownHosts() + database + "#" + first.getSentinelMasterId();
    }

    private Stream<RedisURI> hosts() {
        List<RedisURI> sentinels = uris.get(0).getSentinels();
        return sentinels.isEmpty() ? uris.stream() : sentinels.stream();
    }

    private String shownHosts() {
        return hosts().map(uri -> uri.getHost() + ":" + uri.getPort())
                .collect(Collectors.joining(","));
    }
}
