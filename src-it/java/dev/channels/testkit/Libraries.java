package dev.channels.testkit;

import java.io.File;
import java.net.URISyntaxException;
import java.util.stream.Stream;

/** The brokers' clients, as an application puts them into {@code WEB-INF/lib}. */
public final class Libraries {

    private Libraries() {}

    /** Lettuce, with Netty, Reactor and what they need. */
    public static File[] lettuce() {
        return jarsOf(
                "io.lettuce.core.RedisClient",
                "io.netty.buffer.ByteBuf",
                "io.netty.channel.Channel",
                "io.netty.channel.unix.Socket",
                "io.netty.handler.codec.ByteToMessageDecoder",
                "io.netty.handler.codec.dns.DnsRecord",
                "io.netty.handler.ssl.SslHandler",
                "io.netty.resolver.AddressResolver",
                "io.netty.resolver.dns.DnsCnameCache",
                "io.netty.util.Timer",
                "org.reactivestreams.Publisher",
                "reactor.core.publisher.Flux",
                "redis.clients.authentication.core.Token");
    }

    /** PostgreSQL's JDBC driver. */
    public static File[] pgjdbc() {
        return jarsOf("org.postgresql.Driver");
    }

    private static File[] jarsOf(String... classes) {
        return Stream.of(classes).map(Libraries::jarOf).distinct().toArray(File[]::new);
    }

    private static File jarOf(String className) {
        try {
            Class<?> type = Class.forName(className, false, Libraries.class.getClassLoader());
            return new File(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (ClassNotFoundException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
