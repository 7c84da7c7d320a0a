package dev.channels.endpoint.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.Caller;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoliciesTest {

    private static final Caller ALICE = Caller.named("alice").withGroups(Set.of("admin"));

    private static Policy policy(String subscriber, String... channels) {
        return new Policy(
                List.of(channels),
                new Access(List.of(subscriber)),
                Access.NOBODY,
                Access.NOBODY,
                false,
                true);
    }

    private final Policies policies =
            new Policies(
                    List.of(
                            policy("all", "*"),
                            policy("chat", "chat-*", "lobby"),
                            policy("ops", "chat-ops-*"),
                            policy("one", "chat-ops-1"),
                            policy("upper", "Chat-*")));

    @ParameterizedTest
    @CsvSource({
        "news, all",
        "lobby, chat",
        "lobby2, all",
        "chat-, chat",
        "chat-x, chat",
        "chat-zz, chat",
        "chat, all",
        "chat-ops, chat",
        "chat-ops-2, ops",
        "chat-ops-1, one",
        "chat-ops-11, ops",
        "CHAT-x, all",
        "Chat-x, upper",
        "chat-ops-\u00e9, ops",
        "cha\u0301t-x, all"
    })
    void longestPrefixDecidesAndAnExactNameBeatsAll(String channel, String policy) {
        assertThat(policies.of(channel).subscribe().words()).containsExactly(policy);
    }

    @Test
    void clientsPublishToUsersOnlyWhereAPolicyNamesThose() {
        Policies all = new Policies(List.of(publishable("*"), publishable("x")));
        assertThat(all.of("news").publish().permits(ALICE)).isTrue();
        assertThat(all.of("#bob").publish().permits(ALICE)).isFalse();
        assertThat(all.of("#bob").subscribe().permits(ALICE)).isTrue();
        for (String pattern : List.of("#*", "#b*", "#bob")) {
            Policies meant = new Policies(List.of(publishable("*", pattern)));
            assertThat(meant.of("#bob").publish().permits(ALICE)).as(pattern).isTrue();
        }
    }

    private static Policy publishable(String... channels) {
        Access everybody = Access.EVERYBODY;
        return new Policy(List.of(channels), everybody, everybody, everybody, false, true);
    }

    @Test
    void channelUnderNoPolicyHasTheDefaults() {
        Policy none = new Policies(List.of(policy("x", "y"))).of("z");
        assertThat(none.subscribe().permits(Caller.ANONYMOUS)).isTrue();
        assertThat(none.publish().permits(ALICE)).isFalse();
        assertThat(none.presence().permits(ALICE)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "permit-all, true, true",
        "deny-all, false, false",
        "admin, false, true",
        "**, false, true",
        "user, false, false",
        "ADMIN, false, false"
    })
    void accessIsForEverybodyNobodyOrRoles(String word, boolean anonymous, boolean alice) {
        Access access = new Access(List.of(word));
        assertThat(access.permits(Caller.ANONYMOUS)).isEqualTo(anonymous);
        assertThat(access.permits(ALICE)).isEqualTo(alice);
    }

    @Test
    void anyOfSeveralRolesIsEnough() {
        assertThat(new Access(List.of("user", "admin")).permits(ALICE)).isTrue();
    }

    @Test
    void rolesThatMatterAreThoseThatAreNamed() {
        assertThat(new Policies(List.of(policy("**", "a"), policy("admin", "b"))).roles())
                .containsExactly("admin");
        assertThat(new Policies(List.of(policy("permit-all", "a"))).roles()).isEmpty();
    }
}
