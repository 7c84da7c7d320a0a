package dev.channels.backend.redis.streams;

import dev.channels.Position;
import dev.channels.backend.redis.command.Script;
import dev.channels.backend.redis.command.Stages;
import dev.channels.backend.redis.command.Text;
import dev.channels.backend.redis.command.UnsupportedFormats;
import dev.channels.backend.redis.connection.Connector;
import dev.channels.backend.redis.connection.Link;
import dev.channels.spi.Causes;
import dev.channels.spi.ChannelLeases;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Who holds which lease: each is one hash, and each call one run of a script. */
final class StreamLeases implements ChannelLeases {

    private static final Script SCRIPT = Script.load(StreamLeases.class, "lease.lua");

    private final Connector connector;
    private final StreamKeys keys;

    StreamLeases(Connector connector, StreamKeys keys) {
        this.connector = connector;
        this.keys = keys;
    }

    @Override
    public CompletionStage<Lease> take(String name, String holder, Duration lifetime) {
        return run("take", name, holder, lifetime, "")
                .thenApply(
                        reply -> {
                            if (!isHeld(reply)) {
                                return Lease.TAKEN;
                            }
                            String position = Text.of(reply.get(1));
                            return new Lease(
                                    true, position.isEmpty() ? null : Position.parse(position));
                        });
    }

    @Override
    public CompletionStage<Boolean> advance(
            String name, String holder, Position position, Duration lifetime) {
        return run("advance", name, holder, lifetime, position.toString())
                .thenApply(StreamLeases::isHeld);
    }

    @Override
    public CompletionStage<Void> release(String name, String holder) {
        return run("release", name, holder, Duration.ZERO, "").thenAccept(reply -> {});
    }

    private static boolean isHeld(List<Object> reply) {
        return (Long) reply.get(0) == 1;
    }

    private CompletionStage<List<Object>> run(
            String what, String name, String holder, Duration lifetime, String position) {
        List<byte[]> arguments =
                List.of(
                        Text.bytes(what),
                        Text.bytes(holder),
                        Text.bytes(lifetime.toMillis()),
                        Text.bytes(position));
        return connector
                .loop()
                .call(
                        done -> {
                            Link link = connector.connectedLink();
                            if (link == null) {
                                done.completeExceptionally(connector.away());
                                return;
                            }
                            Stages.forward(
                                    connector
                                            .guard(
                                                    link,
                                                    position.length(),
                                                    SCRIPT.run(
                                                            link.keyed(),
                                                            List.of(keys.lease(name)),
                                                            arguments))
                                            .exceptionally(
                                                    failure -> {
                                                        throw new CompletionException(
                                                                UnsupportedFormats.explained(
                                                                        name, Causes.of(failure)));
                                                    }),
                                    done);
                        });
    }
}
