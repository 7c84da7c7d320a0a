package dev.channels.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.spi.ChannelNames;
import dev.channels.spi.Publication;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Names of channels are exact. */
interface NameContract extends ContractTests {

    @Test
    default void everyNameIsAChannelOfItsOwn() throws Exception {
        Node node = nodes().start();
        List<String> names = awkwardNames(nodes().unique());
        assertThat(names).allMatch(ChannelNames::isValid).doesNotHaveDuplicates();
        node.subscribe(Set.copyOf(names));
        List<Publication> batch = names.stream().map(n -> node.publication(n, n)).toList();
        node.publish(batch);
        for (String name : names) {
            assertThat(node.awaitTexts(name, 1)).as("events of '%s'", name).containsExactly(name);
        }
        node.settle();
        assertThat(names).allSatisfy(n -> assertThat(node.sink.events(n)).hasSize(1));
    }

    @Test
    default void everyNameHasAHistoryOfItsOwn() throws Exception {
        nodes().assumeHistory();
        Node node = nodes().start();
        List<String> names = awkwardNames(nodes().unique());
        node.publish(names.stream().map(n -> node.publication(n, n)).toList());
        for (String name : names) {
            assertThat(RecordingSink.texts(node.last(name, 1))).containsExactly(name);
        }
    }

    @Test
    default void namesThatLookAlikeAreDifferent() throws Exception {
        Node node = nodes().start();
        String n = nodes().unique();
        Map<String, String> pairs = new LinkedHashMap<>();
        pairs.put(n + "case", n + "Case");
        pairs.put(n + "CASE", n + "cASE");
        pairs.put(n + " ", n);
        pairs.put(" " + n, n + "\u00a0");
        pairs.put("a  b" + n, "a b" + n);
        pairs.put(n + "\u00e9", n + "e\u0301");
        pairs.put(n + "stra\u00dfe", n + "strasse");
        pairs.put(n + "*", n + "any");
        pairs.put(n + "?", n + "1");
        pairs.put(n + "[ab]", n + "a");
        pairs.put(n + "{tag}x", n + "{tag}y");
        pairs.put(n + "%", n + "%%");
        pairs.put("#" + n, "##" + n);
        pairs.put("#" + n + "1", "#" + n + "2");
        pairs.put(n + "_", n + "2");
        pairs.put(n + "\\*", n + "3*");
        pairs.put(n + ":a", n + ":a:b");
        node.subscribe(Set.copyOf(pairs.keySet()));
        pairs.values().forEach(other -> node.publish(other, "not for you"));
        node.settle();
        assertThat(pairs.keySet()).allSatisfy(c -> assertThat(node.sink.events(c)).isEmpty());
        assertThat(pairs.values()).allSatisfy(c -> assertThat(node.sink.events(c)).isEmpty());
    }

    private static List<String> awkwardNames(String n) {
        Stream<String> made =
                Stream.of(
                        "name%s",
                        "NAME%s",
                        "Name%s",
                        " %s",
                        "%s ",
                        " %s ",
                        "a %s",
                        "a  %s",
                        "\u00e9%s",
                        "e\u0301%s",
                        "\u00df%s",
                        "\u0130%s",
                        "\u0131%s",
                        "\u65e5%s",
                        "\u2028%s",
                        "\ufeff%s",
                        "\ud83d\ude00%s",
                        "\ud83d\ude01%s",
                        ":%s",
                        "%s:",
                        "a:%s:b",
                        "%s*",
                        "*%s",
                        "%s?",
                        "%s[a-z]",
                        "%s[",
                        "%s]",
                        "{%s}",
                        "%s{",
                        "%s}",
                        "{a}%s",
                        "%s%%",
                        "%%s%s",
                        "%s_",
                        "%s\"",
                        "%s''",
                        "%s'",
                        "%s;--",
                        "%s\\",
                        "%s\\\\",
                        "%s.",
                        "%s#",
                        "%s?a=b&c",
                        "<%s>",
                        "$%s",
                        "$1%s",
                        "%s,a",
                        "%s|",
                        "%s@",
                        "%s~",
                        "`%s`",
                        "null%s");
        Stream<String> bare = Stream.of("*", "?", "[", "{", "}", "{}", "%", "_", "\"", "'", " ");
        Stream<String> longest =
                Stream.of("x", "y", "\u20ac").map(c -> n + c.repeat(200 - n.length()));
        return Stream.of(made.map(format -> String.format(format, n)), bare, longest)
                .flatMap(names -> names)
                .toList();
    }
}
