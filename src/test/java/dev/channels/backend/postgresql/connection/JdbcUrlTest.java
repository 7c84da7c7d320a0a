package dev.channels.backend.postgresql.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class JdbcUrlTest {

    @Test
    void takesThePasswordOut() {
        JdbcUrl url =
                JdbcUrl.parse(
                        "jdbc:postgresql://db:5433/app?user=u&password=s%26cret&sslpassword=key"
                                + "&ssl=true");
        assertThat(url.text()).isEqualTo("jdbc:postgresql://db:5433/app?user=u&ssl=true");
        assertThat(url.toString()).isEqualTo(url.text());
        assertThat(url.secrets())
                .containsEntry("password", "s&cret")
                .containsEntry("sslpassword", "key");
        assertThat(url.address()).isEqualTo("db:5433/app");
    }

    @Test
    void knowsWhatItSets() {
        JdbcUrl url = JdbcUrl.parse("jdbc:postgresql://a,b/app?socketTimeout=3&x=connectTimeout");
        assertThat(url.sets("socketTimeout")).isTrue();
        assertThat(url.sets("connectTimeout")).isFalse();
        assertThat(url.address()).isEqualTo("a,b/app");
    }

    @Test
    void aPasswordAloneLeavesNoQuestionMark() {
        assertThat(JdbcUrl.parse("jdbc:postgresql:app?PASSWORD=x").text())
                .isEqualTo("jdbc:postgresql:app");
        assertThat(JdbcUrl.parse("jdbc:postgresql:app").address()).isEqualTo("localhost/app");
    }

    @Test
    void refusesCredentialsBeforeTheHostWithoutRepeatingThem() {
        assertThatThrownBy(() -> JdbcUrl.parse("jdbc:postgresql://me:hidden@db/app"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hidden");
        assertThatThrownBy(() -> JdbcUrl.parse("postgres://me:hidden@db/app"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hidden");
    }
}
