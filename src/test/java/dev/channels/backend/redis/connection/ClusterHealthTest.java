package dev.channels.backend.redis.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ClusterHealthTest {

    private static final String SELF =
            "a000000000000000000000000000000000000000 10.0.0.1:6379@16379 myself,master - 0 0 1"
                    + " connected 0-5460\n";

    private static String other(char id, String flags, String slots) {
        return String.valueOf(id).repeat(40)
                + " 10.0.0.2:6379@16379 "
                + flags
                + " - 0 0 2 connected"
                + slots
                + "\n";
    }

    @Test
    void aNodeThatSeesTheOthersIsOnTheSideOfTheMajority() {
        assertThat(
                        ClusterHealth.seesMajority(
                                SELF
                                        + other('b', "master", " 5461-10922")
                                        + other('c', "master,fail?", " 10923-16383")))
                .isTrue();
    }

    @Test
    void aNodeThatSeesTheLesserPartIsNot() {
        assertThat(
                        ClusterHealth.seesMajority(
                                SELF
                                        + other('b', "master,fail?", " 5461-10922")
                                        + other('c', "master,fail", " 10923-16383")))
                .isFalse();
    }

    @Test
    void mastersWithoutSlotsAndReplicasHaveNoVote() {
        assertThat(
                        ClusterHealth.seesMajority(
                                SELF
                                        + other('b', "master,fail", "")
                                        + other('c', "slave,fail", "")
                                        + other('d', "master,fail,noaddr", "")))
                .isTrue();
    }

    @Test
    void aNodeAloneWithoutSlotsSeesNoMajority() {
        assertThat(ClusterHealth.seesMajority(SELF.replace(" 0-5460", ""))).isFalse();
    }
}
