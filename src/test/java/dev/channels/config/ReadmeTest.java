package dev.channels.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ErrorCode;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.ChannelNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds README's tables and the code together. A row for a key begins with {@code | `channels.key`
 * | `default` |}, where there is no default with {@code none} in its place; a row for an error
 * begins with {@code | `CHANNELS0001` | `INVALID_CONFIGURATION` |}. A star stands for the rest of a
 * backend's name: {@code | `channels.redis-*.uri` |}.
 */
class ReadmeTest {

    private static final Path README = Path.of("README.md");
    private static final Pattern KEY =
            Pattern.compile("^\\| `(channels\\.[a-z0-9.*-]+)` \\| (?:`([^`|]+)`|none) \\|.*");
    private static final Pattern CODE =
            Pattern.compile("^\\| `(CHANNELS\\d{4})` \\| `([A-Z_]+)` \\|.*");

    private static List<String> readme() throws IOException {
        assertThat(README).exists();
        return Files.readAllLines(README);
    }

    private static Map<String, String> keys() throws IOException {
        Map<String, String> keys = new LinkedHashMap<>();
        for (String line : readme()) {
            Matcher matcher = KEY.matcher(line);
            if (matcher.matches()) {
                String written = matcher.group(2);
                String before = keys.put(matcher.group(1), written == null ? "" : written);
                assertThat(before).as("%s is in the table twice", matcher.group(1)).isNull();
            }
        }
        return keys;
    }

    @Test
    void keyTableHoldsEveryKeyWithItsDefault() throws IOException {
        Map<String, String> expected =
                Arrays.stream(Key.values()).collect(Collectors.toMap(Key::key, Key::defaultValue));
        Map<String, String> written = keys();
        written.keySet().removeIf(row -> backendKeys().stream().anyMatch(key -> isOf(row, key)));
        assertThat(written).containsExactlyInAnyOrderEntriesOf(expected);
    }

    @Test
    void keysOfTheBackendsAreInATable() throws IOException {
        Set<String> rows = keys().keySet();
        assertThat(backendKeys()).allMatch(key -> rows.stream().anyMatch(row -> isOf(row, key)));
    }

    private static boolean isOf(String row, String key) {
        return key.matches(row.replace(".", "\\.").replace("*", "[a-z-]*"));
    }

    private static Set<String> backendKeys() {
        Set<String> keys = new TreeSet<>();
        for (BackendFactory factory : ServiceLoader.load(BackendFactory.class)) {
            factory.keys().forEach(key -> keys.add("channels." + factory.name() + "." + key));
        }
        return keys;
    }

    @Test
    void errorTableHoldsEveryCodeOnce() throws IOException {
        List<String> written =
                readme().stream()
                        .map(CODE::matcher)
                        .filter(Matcher::matches)
                        .map(matcher -> matcher.group(1) + " " + matcher.group(2))
                        .toList();
        List<String> expected =
                Arrays.stream(ErrorCode.values()).map(e -> e.code() + " " + e.name()).toList();
        assertThat(written).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void errorCodesAreUniqueAndWellFormed() {
        List<String> codes = Arrays.stream(ErrorCode.values()).map(ErrorCode::code).toList();
        assertThat(codes).doesNotHaveDuplicates().allMatch(code -> code.matches("CHANNELS\\d{4}"));
    }

    @Test
    void ruleForNamesIsSaidInTheSameWords() throws IOException {
        assertThat(String.join(" ", readme()).replace("`/`", "'/'")).contains(ChannelNames.RULE);
    }

    @Test
    void clientsAreNamedWithTheVersionsThatAreTested() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        for (String client : List.of("lettuce-core", "postgresql")) {
            String key = "<version." + client.replace("-core", "") + ">";
            String version = pom.split(key)[1].split("<")[0];
            assertThat(String.join("", readme()))
                    .contains(
                            "<artifactId>"
                                    + client
                                    + "</artifactId>    <version>"
                                    + version
                                    + "</version>");
        }
    }
}
