package dev.channels.backend.redis.command;

import dev.channels.spi.Causes;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A Lua script that answers with a list. Run by its digest; the text follows only if Redis does not
 * know it: the first time, after a restart, a fail-over or SCRIPT FLUSH.
 *
 * @see <a href="https://redis.io/docs/latest/develop/programmability/eval-intro/">Scripts</a>
 */
public record Script(String text, String digest) {

    /** Reads a script from the resources beside a class. */
    public static Script load(Class<?> beside, String name) {
        try (InputStream in = Objects.requireNonNull(beside.getResourceAsStream(name))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(Text.bytes(text));
            return new Script(text, HexFormat.of().formatHex(digest));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-1", e);
        }
    }

    public CompletionStage<List<Object>> run(
            RedisClusterAsyncCommands<String, byte[]> redis,
            List<String> keys,
            List<byte[]> arguments) {
        String[] keyArray = keys.toArray(String[]::new);
        byte[][] values = arguments.toArray(byte[][]::new);
        return redis.<List<Object>>evalsha(digest, ScriptOutputType.MULTI, keyArray, values)
                .handle(
                        (reply, failure) -> {
                            if (failure == null) {
                                return CompletableFuture.<List<Object>>completedStage(reply);
                            }
                            if (Causes.of(failure) instanceof RedisNoScriptException) {
                                return redis.<List<Object>>eval(
                                        text, ScriptOutputType.MULTI, keyArray, values);
                            }
                            return CompletableFuture.<List<Object>>failedStage(failure);
                        })
                .thenCompose(stage -> stage);
    }
}
