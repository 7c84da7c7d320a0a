package dev.channels.backend.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RedisFailuresTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "READONLY You can't write against a read only replica.",
                "LOADING Redis is loading the dataset in memory",
                "MOVED 1 127.0.0.1:1",
                "ERR Error running script (call to f_1): @user_script:1: -READONLY You can't",
            })
    void theStateOfANodePassesWithTheLink(String message) {
        assertThat(RedisFailures.passes(new RedisCommandExecutionException(message))).isTrue();
        assertThat(RedisFailures.endsLink(new RedisCommandExecutionException(message))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OOM command not allowed when used memory > 'maxmemory'.",
                "MISCONF Redis is configured to save RDB snapshots",
                "NOREPLICAS Not enough good replicas to write.",
                "BUSY Redis is busy running a script.",
                "TRYAGAIN Multiple keys request during rehashing of slot",
                "ERR Error running script (call to f_1): @user_script:1: -OOM command not",
            })
    void aRefusalForNowPassesOnTheSameLink(String message) {
        RedisCommandExecutionException refusal = new RedisCommandExecutionException(message);
        assertThat(RedisFailures.passes(refusal)).isTrue();
        assertThat(RedisFailures.endsLink(refusal)).isFalse();
        RedisAddress address = RedisAddress.parse("redis://host", Duration.ofSeconds(1));
        assertThat(RedisFailures.unavailable(address, refusal))
                .hasMessageContaining("redis://host:6379 refuses this for now: ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NOPERM this user has no permissions to run the 'publish' command",
                "WRONGTYPE Operation against a key holding the wrong kind of value",
                "ERR unknown command",
            })
    void theRefusalOfACommandStays(String message) {
        assertThat(RedisFailures.passes(new RedisCommandExecutionException(message))).isFalse();
    }

    @Test
    void brokenConnectionsPass() {
        assertThat(RedisFailures.passes(new RedisException("Connection closed"))).isTrue();
        assertThat(RedisFailures.passes(new CompletionException(new IOException()))).isTrue();
        assertThat(RedisFailures.endsLink(new RedisException("Connection closed"))).isTrue();
        assertThat(RedisFailures.passes(new IllegalStateException())).isFalse();
    }
}
