package dev.channels.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelRulesTest {

    private final ChannelRules<List<String>> rules =
            ChannelRules.of(
                    List.of(
                            List.of("chat-*", "lobby"),
                            List.of("chat-ops-*"),
                            List.of("chat-ops-1")),
                    channels -> channels);

    @ParameterizedTest
    @CsvSource({
        "lobby, chat-*",
        "lobby2, otherwise",
        "chat-, chat-*",
        "chat-x, chat-*",
        "chat-zz, chat-*",
        "chat-ops-2, chat-ops-*",
        "chat-ops-1, chat-ops-1",
        "chat-ops-11, chat-ops-*",
        "Chat-x, otherwise",
        "chat, otherwise"
    })
    void theLongestPrefixDecidesAndAnExactNameBeatsAll(String channel, String first) {
        assertThat(rules.of(channel, List.of("otherwise")).get(0)).isEqualTo(first);
    }

    @Test
    void eachValueIsMappedOnce() {
        List<String> asked = new ArrayList<>();
        ChannelRules<String> mapped =
                rules.map(
                        channels -> {
                            asked.add(channels.get(0));
                            return "of " + channels.get(0);
                        });
        assertThat(asked).containsExactly("chat-*", "chat-ops-*", "chat-ops-1");
        assertThat(mapped.of("lobby", "")).isEqualTo("of chat-*");
        assertThat(mapped.values()).containsExactly("of chat-*", "of chat-ops-*", "of chat-ops-1");
    }

    @Test
    void noRulesSayNothing() {
        assertThat(ChannelRules.<String>none().of("a", "otherwise")).isEqualTo("otherwise");
    }
}
