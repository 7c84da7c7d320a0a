package dev.channels.backend.postgresql.tables;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TableNamesTest {

    @Test
    void qualifiesAndQuotes() {
        TableNames tables = new TableNames("App", "Chat");
        assertThat(tables.in("SELECT x FROM channels_event JOIN channels_life"))
                .isEqualTo("SELECT x FROM \"App\".\"Chat_event\" JOIN \"App\".\"Chat_life\"");
        assertThat(tables.in("CREATE TABLE \"channels_event\" ()"))
                .isEqualTo("CREATE TABLE \"App\".\"Chat_event\" ()");
        assertThat(tables.topic()).isEqualTo("App.Chat");
    }

    @Test
    void leavesTheSchemaToTheSearchPath() {
        TableNames tables = new TableNames("", "channels");
        assertThat(tables.in("channels_channel")).isEqualTo("\"channels_channel\"");
        assertThat(tables.topic()).isEqualTo("channels");
    }

    @Test
    void topicsAreDistinctIdentifiers() {
        String forty = "s".repeat(40);
        assertThat(new TableNames(forty, "p".repeat(40)).topic())
                .hasSizeLessThan(64)
                .isNotEqualTo(new TableNames("t".repeat(40), "p".repeat(40)).topic());
        assertThat(new TableNames("", "a").topic()).isNotEqualTo(new TableNames("", "A").topic());
        assertThat(new TableNames("", "a").lockKey())
                .isNotEqualTo(new TableNames("", "b").lockKey());
    }
}
