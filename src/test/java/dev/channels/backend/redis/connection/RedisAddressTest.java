package dev.channels.backend.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RedisAddressTest {

    private static RedisAddress parse(String text) {
        return RedisAddress.parse(text, Duration.ofSeconds(1));
    }

    private static RedisCredentials credentials(RedisURI uri) {
        return uri.getCredentialsProvider().resolveCredentials().block();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "redis://localhost                  | redis://localhost:6379",
                "rediss://user:secret@host:1/3      | rediss://host:1/3",
                "redis://:se%40cret@host/0          | redis://host:6379",
                "redis-sentinel://secret@a,b:2/1#m  | redis-sentinel://a:26379,b:2/1#m",
                "rediss-sentinel://u:secret@a:1#m   | rediss-sentinel://a:1#m",
                "redis-cluster://u:secret@a:1,b:2   | redis-cluster://a:1,b:2",
                "redis://:secret@[::1]:7/1          | redis://[::1]:7/1",
                "rediss-cluster://:secret@a,b:2/?x=1 | rediss-cluster://a:6379,b:2",
            })
    void isShownWithoutSecrets(String text, String shown) {
        assertThat(parse(text)).hasToString(shown);
    }

    @Test
    void everyNodeOfAClusterGetsUserPasswordAndTls() {
        assertThat(parse("rediss-cluster://me:se%3Acret@a:1,b:2").uris())
                .hasSize(2)
                .allSatisfy(
                        uri -> {
                            assertThat(credentials(uri).getUsername()).isEqualTo("me");
                            assertThat(credentials(uri).getPassword())
                                    .isEqualTo("se:cret".toCharArray());
                            assertThat(uri.isSsl()).isTrue();
                        });
    }

    @ParameterizedTest
    @CsvSource({
        "redis://a, 1000",
        "'redis-sentinel://a,b,c/0#m', 250",
        "'redis-cluster://a,b', 200",
    })
    void hostsThatAreTriedInARowShareTheTime(String text, long millis) {
        RedisURI uri = parse(text).uris().get(0);
        assertThat(uri.getTimeout()).hasMillis(millis);
        assertThat(uri.getSentinels()).allMatch(s -> s.getTimeout().toMillis() == millis);
    }

    @Test
    void readsUserPasswordAndDatabase() {
        RedisURI uri = parse("redis://me:secret@a:1/5").uris().get(0);
        assertThat(credentials(uri).getUsername()).isEqualTo("me");
        assertThat(credentials(uri).getPassword()).isEqualTo("secret".toCharArray());
        assertThat(uri.getDatabase()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost:6379",
                "http://a",
                "redis://",
                "redis://a:x",
                "redis://a/b",
                "redis-sentinel://a:1",
                "redis-cluster://",
                "redis://se cret@a"
            })
    void refusesWhatIsNoAddress(String text) {
        assertThat(parse(text)).isNull();
    }
}
