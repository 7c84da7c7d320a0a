package dev.channels.endpoint.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChangedSessionsTest {

    private final ChangedSessions sessions = new ChangedSessions();

    @Test
    void idIsFollowedUntilItsSessionEnds() {
        assertThat(sessions.idNow("a")).isEqualTo("a");
        sessions.renamed("a", "b");
        sessions.renamed("b", "c");
        assertThat(sessions.idNow("a")).isEqualTo("c");
        assertThat(sessions.idNow("b")).isEqualTo("c");
        sessions.ended("c");
        assertThat(sessions.idNow("a")).isNull();
        assertThat(sessions.idNow("c")).isNull();
        assertThat(sessions.idNow("d")).isEqualTo("d");
    }

    @Test
    void idThatIsGivenToAnotherSessionIsForgotten() {
        sessions.ended("a");
        sessions.began("a");
        assertThat(sessions.idNow("a")).isEqualTo("a");
        sessions.renamed("b", "c");
        sessions.began("b");
        assertThat(sessions.idNow("b")).isEqualTo("b");
    }

    @Test
    void noIdLeadsBackToItself() {
        sessions.renamed("a", "a");
        assertThat(sessions.idNow("a")).isEqualTo("a");
        sessions.renamed("a", "b");
        sessions.renamed("b", "a");
        assertThat(sessions.idNow("a")).isEqualTo("a");
        assertThat(sessions.idNow("b")).isEqualTo("a");
    }

    @Test
    void onlyTheLastChangesAreKept() {
        for (int i = 0; i < 2_000; i++) {
            sessions.ended("id" + i);
        }
        assertThat(sessions.idNow("id0")).isEqualTo("id0");
        assertThat(sessions.idNow("id1999")).isNull();
    }
}
