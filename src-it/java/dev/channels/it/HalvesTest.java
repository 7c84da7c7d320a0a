package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;

class HalvesTest {

    private static final Path SOURCES = Path.of("src-it/java");

    /** A test that is in neither would be run by nobody. */
    @Test
    void eachTestOnAServerIsInOneHalf() throws IOException {
        assertThat(testsOnServers())
                .isNotEmpty()
                .allSatisfy(
                        name ->
                                assertThat(
                                                Stream.of(
                                                                ServerTestsAToL.class,
                                                                ServerTestsMToZ.class)
                                                        .filter(half -> takes(half, name)))
                                        .as(name)
                                        .hasSize(1));
    }

    private static List<String> testsOnServers() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.map(file -> SOURCES.relativize(file).toString())
                    .filter(file -> file.endsWith("IT.java") && !file.endsWith("BrokerIT.java"))
                    .map(file -> file.replace(".java", "").replace('/', '.'))
                    .toList();
        }
    }

    private static boolean takes(Class<?> half, String name) {
        return Arrays.stream(half.getAnnotation(SelectPackages.class).value())
                        .anyMatch(packageName -> name.startsWith(packageName + "."))
                && Arrays.stream(half.getAnnotation(IncludeClassNamePatterns.class).value())
                        .anyMatch(name::matches);
    }
}
