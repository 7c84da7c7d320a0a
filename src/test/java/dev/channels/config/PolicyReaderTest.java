package dev.channels.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ChannelsException;
import dev.channels.test.MapSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyReaderTest {

    private final Problems problems = new Problems();

    private List<PolicyConfig> read(boolean anyChannel, String... lines) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : lines) {
            String[] parts = line.split("=", 2);
            values.put("channels.policy." + parts[0], parts[1]);
        }
        Config config = new SmallRyeConfigBuilder().withSources(new MapSource(values)).build();
        return new PolicyReader(
                        new Values(config, "", problems),
                        Set.of("news", "orders-eu", "orders-us", "room-*"),
                        anyChannel)
                .read(values.keySet());
    }

    private String problem() {
        try {
            problems.throwIfAny();
        } catch (ChannelsException e) {
            return e.getMessage().lines().skip(1).reduce((a, b) -> a + "|" + b).orElse("");
        }
        return "";
    }

    @Test
    void policyHasDefaults() {
        assertThat(read(false, "a.channels=news"))
                .containsExactly(
                        new PolicyConfig(
                                "a",
                                List.of("news"),
                                List.of("permit-all"),
                                List.of("deny-all"),
                                List.of("deny-all"),
                                false,
                                true,
                                false));
        assertThat(problem()).isEmpty();
    }

    @Test
    void everyKeyIsRead() {
        assertThat(
                        read(
                                false,
                                "b_1-X.channels=orders-*, news",
                                "b_1-X.subscribe=admin,**",
                                "b_1-X.publish=permit-all",
                                "b_1-X.presence=admin",
                                "b_1-X.join-leave=true",
                                "b_1-X.recover=false",
                                "b_1-X.telemetry-channel-names=true"))
                .containsExactly(
                        new PolicyConfig(
                                "b_1-X",
                                List.of("orders-*", "news"),
                                List.of("admin", "**"),
                                List.of("permit-all"),
                                List.of("admin"),
                                true,
                                false,
                                true));
        assertThat(problem()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "a.channels=*",
        "a.channels=o*",
        "a.channels=orders-eu",
        "a.channels=room-1",
        "a.channels=room-*",
        "a.channels=room-1*",
        "a.channels=ro*"
    })
    void whatADeclaredChannelCanFallUnderIsRight(String line) {
        read(false, line);
        assertThat(problem()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "a.subscribe=x#channels.policy.a.channels = '': it must be set. Name the channels of"
                        + " this policy, or prefixes of them that end in *, for example"
                        + " orders,chat-*.",
                "a.channels=nwes#channels.policy.a.channels = 'nwes' (from app.properties): no declared channel"
                        + " can fall under it. Correct it, or add the channel to channels.names.",
                "a.channels=orders#channels.policy.a.channels = 'orders' (from app.properties): no declared"
                        + " channel can fall under it. Correct it, or add the channel to"
                        + " channels.names.",
                "a.channels=x/y#channels.policy.a.channels = 'x/y' (from app.properties): it cannot be the name"
                        + " of a channel. A name has 1 to 200 characters, no control characters, no"
                        + " '/', no unpaired surrogates.",
                "a.channels=news,news#channels.policy.a.channels = 'news' (from app.properties): it is named"
                        + " twice, by channels.policy.a.channels too. Name it in one policy, once.",
                "a.b.c=1#channels.policy.a.b.c = '1' (from app.properties): there is no such key. Write"
                        + " channels.policy.<id>.<key>, the id in letters, digits, - and _.",
            })
    void problemSaysWhatToDo(String line, String problem) {
        read(false, line);
        assertThat(problem()).isEqualTo("  - " + problem);
    }

    @Test
    void misspeltKeyIsFound() {
        read(false, "a.channels=news", "a.subscrbe=x");
        assertThat(problem())
                .isEqualTo(
                        "  - channels.policy.a.subscrbe = 'x' (from app.properties): a policy has no such key."
                                + " Did you mean channels.policy.a.subscribe?");
    }

    @Test
    void twoPoliciesForOneNameAreAProblem() {
        read(false, "a.channels=orders-*", "b.channels=orders-*");
        assertThat(problem()).contains("it is named twice, by channels.policy.a.channels too");
    }

    @Test
    void everybodyAndNobodyStandAlone() {
        read(false, "a.channels=news", "a.subscribe=permit-all,admin", "a.publish=x,deny-all");
        assertThat(problem())
                .contains("permit-all cannot stand beside others")
                .contains("deny-all cannot stand beside others");
    }

    @Test
    void arbitraryChannelsFallUnderAnything() {
        read(true, "a.channels=anything,any-*");
        assertThat(problem()).isEmpty();
    }
}
