package dev.channels.backend.postgresql.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.spi.BrokerUnavailableException;
import java.net.ConnectException;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FailuresTest {

    private final Failures failures = new Failures("db/app");

    @Test
    void tellsFailuresApartByTheirState() {
        assertThat(Failures.isCausedByData(new SQLException("", "22021"))).isTrue();
        assertThat(Failures.isCausedByData(new SQLException("", "54000"))).isTrue();
        assertThat(Failures.isCausedByData(new SQLException("", "53100"))).isFalse();
        assertThat(Failures.isCausedByData(new SQLException("", "23514"))).isTrue();
        assertThat(Failures.isCausedByData(new SQLException("", "P0001"))).isTrue();
        assertThat(Failures.isCausedByData(new SQLException("", "42501"))).isFalse();
        assertThat(Failures.isCausedByData(new SQLException("x"))).isFalse();
        assertThat(Failures.isContention(new SQLException("", "55P03"))).isTrue();
        assertThat(Failures.isContention(new SQLException("", "40001"))).isTrue();
        assertThat(Failures.isContention(new SQLException("", "55000"))).isFalse();
        assertThat(Failures.isUnsupported(new SQLException("", "42501"))).isTrue();
        assertThat(Failures.isUnsupported(new SQLException("", "55000"))).isFalse();
        assertThat(Failures.isUnsupported(new SQLException("", "57014"))).isFalse();
        assertThat(Failures.isMissingChannel(new SQLException("in »channel_id«", "23502")))
                .isTrue();
        assertThat(Failures.isMissingChannel(new SQLException("in »added«", "23502"))).isFalse();
        assertThat(Failures.isMissingChannel(new SQLException("channel_id", "23505"))).isFalse();
        assertThat(Failures.isConflict(new SQLException("", "40P01"))).isTrue();
        assertThat(Failures.isConflict(new SQLException("x"))).isFalse();
        assertThat(Failures.isDisconnection(new SQLException("", "08006"))).isTrue();
        assertThat(Failures.isDisconnection(new SQLException("", "57P01"))).isTrue();
        assertThat(Failures.isDisconnection(new SQLException("x"))).isTrue();
        assertThat(Failures.isDisconnection(new SQLException("", "42501"))).isFalse();
    }

    @Test
    void saysWhereAndWhy() {
        SQLException cause =
                new SQLException("refused\n  Detail: more", "08001", new ConnectException("no"));
        assertThat(failures.unavailable(cause))
                .isInstanceOf(BrokerUnavailableException.class)
                .hasCause(cause)
                .message()
                .contains("db/app", "refused", "ConnectException: no", "08001")
                .doesNotContain("Detail");
        assertThat(failures.unavailable(null)).hasMessageContaining("not connected yet");
    }

    @Test
    void leavesWhatIsToldAlready() {
        ChannelsException told = new ChannelsException(ErrorCode.START_FAILED, "no table");
        assertThat(failures.reported(told)).isSameAs(told);
        assertThat(failures.unavailable(told)).hasMessageContaining("no table");
    }

    @Test
    void aRowThatSomebodyHoldsIsNoOutageAndNoDeletion() {
        SQLException held = new SQLException("canceling statement due to lock timeout", "55P03");
        assertThat(failures.unreadable(held))
                .isNotInstanceOf(BrokerUnavailableException.class)
                .hasCause(held)
                .hasMessageContainingAll(
                        "is as it was at db/app",
                        "another transaction holds the channel's row",
                        "lock timeout",
                        "Try again")
                .returns(ErrorCode.HISTORY_FAILED, ChannelsException::errorCode);
    }

    @Test
    void aRefusalIsNoOutageAndSaysWhatToChange() {
        assertRefused("28P01", "channels.postgresql.password");
        assertRefused("28000", "pg_hba.conf");
        assertRefused("08004", "channels.postgresql.user");
        assertRefused("3D000", "channels.postgresql.url");
        assertRefused("3F000", "channels.postgresql.schema");
        assertRefused("42501", "Grant");
        assertRefused("42P01", "ddl.sql");
        assertRefused("42883", "PostgreSQL 12");
        assertRefused("42P05", "prepareThreshold=0");
        for (String passing : List.of("08006", "53300", "57P03", "25006", "53100", "40001")) {
            assertThat(failures.reported(new SQLException("x", passing)))
                    .as(passing)
                    .isInstanceOf(BrokerUnavailableException.class);
        }
        assertThat(Failures.isRefusal(new SQLException("x"))).isFalse();
        assertThat(Failures.isRefusal(new IllegalStateException("x"))).isFalse();
    }

    private void assertRefused(String state, String remedy) {
        SQLException cause = new SQLException("no", state);
        assertThat(failures.reported(cause))
                .isNotInstanceOf(BrokerUnavailableException.class)
                .hasMessageContaining("db/app")
                .hasMessageContaining(remedy)
                .hasCause(cause)
                .extracting(ChannelsException::errorCode)
                .isEqualTo(ErrorCode.BROKER_REFUSED);
        assertThat(failures.unreadable(cause).errorCode()).isEqualTo(ErrorCode.BROKER_REFUSED);
    }
}
