package dev.channels;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds together what the build can do, and who calls it: the workflow, and the documentation. */
class WorkflowTest {

    private static final String BUILDING = "src/site/markdown/building.md";
    private static final String WORKFLOW = ".github/workflows/build.yml";

    @ParameterizedTest
    @ValueSource(strings = {WORKFLOW, BUILDING, "README.md", ".ci/reproducible"})
    void everyProfileThatIsCalledExists(String file) throws IOException {
        Set<String> profiles = found("pom.xml", "<profile>\\s*<id>([^<]+)</id>");
        assertThat(found(file, "mvn [^\\n`]*-P([\\w-]+)")).isNotEmpty().isSubsetOf(profiles);
    }

    @Test
    void eachSmokeTestHasAJob() throws IOException {
        Set<String> tests;
        try (Stream<Path> files = Files.list(Path.of("src-it/java/dev/channels/matrix"))) {
            tests =
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith("Smoke.java"))
                            .map(name -> name.replace("Smoke.java", ""))
                            .filter(name -> !name.equals("Server"))
                            .collect(toCollection(TreeSet::new));
        }
        assertThat(found(WORKFLOW, "\\n          - (\\w+)")).isEqualTo(tests);
    }

    @Test
    void eachServerThatAllTestsCanRunOnHasAJob() throws IOException {
        Set<String> servers = list("pom.xml", "more = \"([^\"]+)\"");
        assertThat(list(WORKFLOW, "-Dfull", "server: \\[([^\\]]+)]")).isEqualTo(servers);
        assertThat(list(BUILDING, "on one more server alone: (.+)")).isEqualTo(servers);
    }

    @Test
    void eachPartOfTheBuildHasAJob() throws IOException {
        Set<String> parts = list("pom.xml", "<servers>([^<]+,smoke)</servers>");
        Set<String> jobs = list(WORKFLOW, "servers: \\[([^\\]]+)]");
        jobs.addAll(found(WORKFLOW, "-Dservers=(\\w+)"));
        assertThat(jobs).isEqualTo(parts);
    }

    /** Returns what the group of a pattern stands for, wherever the pattern is found. */
    private static Set<String> found(String file, String pattern) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(Path.of(file)))
                .results()
                .map(result -> result.group(1))
                .collect(toCollection(TreeSet::new));
    }

    /** Returns the elements of the list that a pattern finds first. */
    private static Set<String> list(String file, String pattern) throws IOException {
        return elements(file, Files.readString(Path.of(file)), pattern);
    }

    /** The same in the job of the workflow that has a text. */
    private static Set<String> list(String file, String text, String pattern) throws IOException {
        String job =
                Arrays.stream(Files.readString(Path.of(file)).split("\\n\\n"))
                        .filter(it -> it.contains(text))
                        .findFirst()
                        .orElseThrow();
        return elements(file, job, pattern);
    }

    private static Set<String> elements(String file, String text, String pattern) {
        MatchResult found =
                Pattern.compile(pattern)
                        .matcher(text)
                        .results()
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(file + " has no " + pattern));
        return new TreeSet<>(Arrays.asList(found.group(1).split(",\\s*")));
    }
}
