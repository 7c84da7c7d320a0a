package dev.channels.backend.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.spi.BrokerUnavailableException;
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WRONGPASS invalid username-password pair or user is disabled.",
                "NOAUTH Authentication required.",
                "NOPERM this user has no permissions to run the 'select' command",
                "ERR DB index is out of range",
                "ERR AUTH <password> called without any password configured",
                "ERR SELECT is not allowed in cluster mode",
            })
    void aRefusalForGoodIsNoOutageOfAStart(String message) {
        RedisAddress address = RedisAddress.parse("redis://host", Duration.ofSeconds(1));
        Throwable refusal = new RedisCommandExecutionException(message);
        assertThat(
                        RedisFailures.startFailure(
                                address, new CompletionException(new RedisException(refusal))))
                .isNotInstanceOf(BrokerUnavailableException.class)
                .hasMessageContaining("redis://host:6379 refuses the connection: " + message)
                .extracting(ChannelsException::errorCode)
                .isEqualTo(ErrorCode.BROKER_REFUSED);
        assertThat(RedisFailures.startFailure(address, new IOException("gone")))
                .isInstanceOf(BrokerUnavailableException.class);
    }

    @Test
    void saysWhichVersionAScriptDoesNotKnow() {
        assertThat(
                        RedisFailures.unsupportedVersion(
                                new RedisCommandExecutionException("UNSUPPORTEDFORMAT 2")))
                .isEqualTo("2");
        assertThat(RedisFailures.unsupportedVersion(new RedisCommandExecutionException("ERR 2")))
                .isNull();
    }

    @Test
    void brokenConnectionsPass() {
        assertThat(RedisFailures.passes(new RedisException("Connection closed"))).isTrue();
        assertThat(RedisFailures.passes(new CompletionException(new IOException()))).isTrue();
        assertThat(RedisFailures.endsLink(new RedisException("Connection closed"))).isTrue();
        assertThat(RedisFailures.passes(new IllegalStateException())).isFalse();
    }
}
