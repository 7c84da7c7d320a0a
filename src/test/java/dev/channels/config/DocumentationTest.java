package dev.channels.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.Caller;
import dev.channels.ClientAuthorizer;
import dev.channels.ClientIntent;
import dev.channels.ClientIntent.Action;
import dev.channels.ClientPermit;
import dev.channels.ClientRefusedException;
import dev.channels.ErrorCode;
import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.BackendSettings;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.Key;
import dev.channels.test.ManualExecutor;
import dev.channels.test.ManualScheduler;
import dev.channels.test.PageCode;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the documentation and the code together: README and the pages below {@code
 * src/site/markdown}. A row for a key begins with {@code | `channels.key` | `default` |}, where
 * there is no default with {@code none} in its place, and goes on with what it means; a row for an
 * error begins with {@code | `CHANNELS0001` | `INVALID_CONFIGURATION` |}. A star stands for the
 * rest of a backend's name: {@code | `channels.redis-*.uri` |}.
 */
class DocumentationTest {

    private static final Path README = Path.of("README.md");
    private static final Path SITE = Path.of("src/site");
    private static final Path PAGES = SITE.resolve("markdown");

    /** What the site has beside its pages, at the same place as they. */
    private static final Path RESOURCES = SITE.resolve("resources");

    private static final Pattern KEY =
            Pattern.compile(
                    "^\\| `(channels\\.[a-z0-9.*<>-]+)` \\| (?:`([^`|]+)`|none) \\| (.*) \\|$");
    private static final Pattern CODE =
            Pattern.compile("^\\| `(CHANNELS\\d{4})` \\| `([A-Z_]+)` \\|.*");
    private static final Pattern PACKAGE = Pattern.compile("^\\| `(dev\\.channels[a-z.]*)` \\|.*");
    private static final Pattern WALK =
            Pattern.compile("^\\| \\w+ \\| (\\d*) ?\\| (\\d+) \\| (.*) \\|$");
    private static final Pattern TYPE = Pattern.compile("`([A-Z][A-Za-z]+)`");
    private static final Pattern NAMED_CODE = Pattern.compile("CHANNELS\\d{4}");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)]*)\\)");
    private static final Pattern ITEM = Pattern.compile("href=\"([^\"]*)\"");

    private static Stream<Path> pages() throws IOException {
        List<Path> pages;
        try (Stream<Path> files = Files.walk(PAGES)) {
            pages = new ArrayList<>(files.filter(it -> it.toString().endsWith(".md")).toList());
        }
        assertThat(pages).hasSizeGreaterThan(10);
        pages.add(README);
        for (String page : List.of("CHANGELOG", "CONTRIBUTING", "SECURITY")) {
            pages.add(Path.of(".github", page + ".md"));
        }
        return pages.stream().sorted();
    }

    private static List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path page : pages().toList()) {
            lines.addAll(Files.readAllLines(page));
        }
        return lines;
    }

    private static List<String> lines(String page) throws IOException {
        return Files.readAllLines(PAGES.resolve(page));
    }

    // ---- Keys

    /** What a table says of a key: the default, empty where there is none, and what it means. */
    private record Row(String defaultValue, String meaning) {}

    private static Map<String, Row> rows() throws IOException {
        Map<String, Row> rows = new LinkedHashMap<>();
        for (String line : lines()) {
            Matcher matcher = KEY.matcher(line);
            if (matcher.matches()) {
                String written = matcher.group(2);
                Row row = new Row(written == null ? "" : written, plain(matcher.group(3)));
                Row before = rows.put(matcher.group(1), row);
                assertThat(before).as("%s is in a table twice", matcher.group(1)).isNull();
            }
        }
        return rows;
    }

    /** Text without what makes it Markdown. */
    private static String plain(String markdown) {
        return markdown.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1").replace("`", "");
    }

    @ParameterizedTest
    @MethodSource("keys")
    void everyKeyIsInATableWithItsDefaultAndWhatItMeans(String name, Key<?> key)
            throws IOException {
        assertThat(rows())
                .hasEntrySatisfying(
                        new Condition<String>(row -> isOf(row, name), "a row for %s", name),
                        new Condition<Row>(
                                row ->
                                        row.defaultValue().equals(key.writtenDefault())
                                                && row.meaning().startsWith(key.meaning()),
                                "'%s', beginning with '%s'",
                                key.writtenDefault(),
                                key.meaning()));
    }

    @Test
    void everyRowIsForAKey() throws IOException {
        List<String> names = keys().map(it -> (String) it.get()[0]).toList();
        assertThat(rows().keySet()).allMatch(row -> names.stream().anyMatch(it -> isOf(row, it)));
    }

    static Stream<Arguments> keys() {
        Stream<Arguments> plugin = Keys.ALL.stream().map(key -> Arguments.of(key.name(), key));
        Stream<Arguments> policies =
                PolicyKeys.ALL.stream()
                        .map(key -> Arguments.of(PolicyReader.PREFIX + "<id>." + key, key));
        Stream<Arguments> backends =
                backends()
                        .flatMap(
                                backend ->
                                        backend.keys().stream()
                                                .map(
                                                        key ->
                                                                Arguments.of(
                                                                        named(backend, key), key)));
        return Stream.of(plugin, policies, backends).flatMap(it -> it);
    }

    private static String named(BackendFactory factory, Key<?> key) {
        return "channels." + factory.name() + "." + key;
    }

    private static boolean isOf(String row, String name) {
        return name.matches(row.replace(".", "\\.").replace("*", "[a-z-]*"));
    }

    static Stream<BackendFactory> backends() {
        return ServiceLoader.load(BackendFactory.class).stream().map(ServiceLoader.Provider::get);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void everyKeyOfABackendIsRead(BackendFactory factory) {
        Asked asked = new Asked();
        factory.create(new BackendContext(asked, new ManualExecutor(), new ManualScheduler()));
        assertThat(asked.keys).containsExactlyInAnyOrderElementsOf(factory.keys());
        assertThat(factory.keys()).containsAll(factory.policyKeys());
        assertThat(PolicyKeys.ALL)
                .extracting(Key::name)
                .containsAll(factory.policyKeys().stream().<String>map(Key::name).toList());
    }

    /** Settings in which nothing is set; they note what they are asked for. */
    private static final class Asked implements BackendSettings {

        private final Set<Key<?>> keys = new LinkedHashSet<>();

        @Override
        public <T> Optional<T> find(Key<T> key) {
            keys.add(key);
            return Optional.empty();
        }

        /** That an address must be set is no matter here. */
        @Override
        public void problem(Key<?> key, String what, String remedy) {}
    }

    // ---- Codes

    @Test
    void everyErrorCodeIsInTheTableOnce() throws IOException {
        List<String> written =
                lines("errors.md").stream()
                        .map(CODE::matcher)
                        .filter(Matcher::matches)
                        .map(matcher -> matcher.group(1) + " " + matcher.group(2))
                        .toList();
        List<String> expected =
                Arrays.stream(ErrorCode.values()).map(e -> e.code() + " " + e.name()).toList();
        assertThat(written).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void pagesNameOnlyErrorCodesThatThereAre() throws IOException {
        Set<String> named = new TreeSet<>();
        for (String line : lines()) {
            NAMED_CODE.matcher(line).results().map(MatchResult::group).forEach(named::add);
        }
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::code)).containsAll(named);
    }

    @Test
    void errorCodesAreUniqueAndWellFormed() {
        List<String> codes = Arrays.stream(ErrorCode.values()).map(ErrorCode::code).toList();
        assertThat(codes).doesNotHaveDuplicates().allMatch(code -> code.matches("CHANNELS\\d{4}"));
    }

    // ---- Words and versions

    @Test
    void ruleForNamesIsSaidInTheSameWords() throws IOException {
        assertThat(String.join(" ", lines("concepts.md")).replace("`/`", "'/'"))
                .contains(ChannelNames.RULE);
    }

    @Test
    void clientsAreNamedWithTheVersionsThatAreTested() throws IOException {
        for (String client : List.of("lettuce-core", "postgresql")) {
            String version = version(client.replace("-core", ""));
            assertThat(String.join("", lines()))
                    .contains(
                            "<artifactId>"
                                    + client
                                    + "</artifactId>    <version>"
                                    + version
                                    + "</version>");
        }
    }

    @Test
    void serversAreNamedWithTheVersionsThatAreTested() throws IOException {
        for (Path page : List.of(README, PAGES.resolve("servers.md"))) {
            assertThat(Files.readString(page))
                    .contains("WildFly " + version("wildfly"))
                    .contains("Open Liberty " + version("liberty"))
                    .contains("Payara " + version("payara"));
        }
    }

    @Test
    void tableOfServersHasTheVersionsOfTheMatrix() throws IOException {
        assertThat(Files.readString(PAGES.resolve("servers.md")))
                .contains("| GlassFish " + version("glassfish-7") + " |")
                .contains("| GlassFish " + version("glassfish-8") + " |")
                .contains("| Payara " + version("payara-7") + " |")
                .contains("| Payara Micro " + version("payara-micro-6") + " |")
                .contains("| Payara Micro " + version("payara-micro-7") + " |")
                .contains("| Tomcat " + version("tomcat-10") + " |")
                .contains("| Tomcat " + version("tomcat-11") + " |")
                .contains("| WildFly " + version("wildfly-38") + " |")
                .contains("<version>" + version("weld-servlet") + "</version>")
                .contains("<version>" + version("smallrye-config") + "</version>");
    }

    private static String version(String name) throws IOException {
        return Files.readString(Path.of("pom.xml"))
                .split("<version." + Pattern.quote(name) + ">")[1]
                .split("<")[0];
    }

    // ---- The house

    @Test
    void everyPackageIsInThePictureOfTheHouse() throws IOException {
        Path sources = Path.of("src/main/java");
        Set<String> packages;
        try (Stream<Path> files = Files.walk(sources)) {
            packages =
                    files.filter(it -> it.endsWith("package-info.java"))
                            .map(it -> sources.relativize(it.getParent()).toString())
                            .map(name -> name.replace(File.separatorChar, '.'))
                            .collect(Collectors.toCollection(TreeSet::new));
        }
        Set<String> named =
                lines("architecture.md").stream()
                        .map(PACKAGE::matcher)
                        .filter(Matcher::matches)
                        .map(matcher -> matcher.group(1))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(named).isEqualTo(packages);
    }

    /** What was counted by a debugger goes stale with the first class that is renamed. */
    @Test
    void theWalkOfAnEventNamesClassesThatThereAreAndCountsThem() throws IOException {
        Set<String> classes;
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            classes =
                    files.map(it -> it.getFileName().toString())
                            .filter(name -> name.endsWith(".java"))
                            .map(name -> name.substring(0, name.length() - ".java".length()))
                            .collect(Collectors.toSet());
        }
        List<String> page = lines("architecture.md");
        List<String> walk =
                page.subList(
                        page.indexOf("## The walk of one event"), page.indexOf("## A mailbox"));
        int plain = 0;
        int client = 0;
        for (String line : walk) {
            Matcher row = WALK.matcher(line);
            if (row.matches()) {
                plain += row.group(1).isEmpty() ? 0 : Integer.parseInt(row.group(1));
                client += Integer.parseInt(row.group(2));
                List<String> named = typesIn(row.group(3));
                if (row.group(1).equals(row.group(2))) {
                    assertThat(named).as(line).hasSize(Integer.parseInt(row.group(1)));
                } else if (!row.group(1).isEmpty()) {
                    int both = Integer.parseInt(row.group(1)) + Integer.parseInt(row.group(2));
                    assertThat(named).as(line).hasSize(both);
                }
            }
        }
        assertThat(plain).isPositive();
        assertThat(String.join(" ", walk)).contains("That is " + plain + " and " + client + ",");
        assertThat(classes).containsAll(typesIn(String.join(" ", walk)));
    }

    private static List<String> typesIn(String markdown) {
        return TYPE.matcher(markdown).results().map(found -> found.group(1)).toList();
    }

    // ---- Code

    @ParameterizedTest
    @MethodSource("classes")
    void everyClassInAPageCompiles(PageCode code, @TempDir Path output) {
        assertThat(PageCode.compile(List.of(code), output)).isEmpty();
    }

    static Stream<Arguments> classes() throws IOException {
        List<Arguments> classes = new ArrayList<>();
        for (Path page : pages().toList()) {
            PageCode.of(page).forEach(it -> classes.add(Arguments.of(Named.of(it.name(), it))));
        }
        assertThat(classes).hasSizeGreaterThan(5);
        return classes.stream();
    }

    /** What a page says of a bean holds. */
    @Test
    void membersOfARoomAreLetInAndNobodyElse(@TempDir Path output) throws Exception {
        PageCode members =
                PageCode.of(PAGES.resolve("clients.md")).stream()
                        .filter(it -> it.name().equals("RoomMembers"))
                        .findAny()
                        .orElseThrow();
        assertThat(PageCode.compile(List.of(members), output)).isEmpty();
        ClassLoader own = getClass().getClassLoader();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {output.toUri().toURL()}, own)) {
            ClientAuthorizer authorizer =
                    (ClientAuthorizer)
                            loader.loadClass("RoomMembers").getConstructor().newInstance();
            assertThat(asks(authorizer, "alice", Action.SUBSCRIBE, "room-1", 0)).isCompleted();
            assertThat(asks(authorizer, "alice", Action.PUBLISH, "room-1", 1000)).isCompleted();
            assertThat(asks(authorizer, "mallory", Action.SUBSCRIBE, "room-2", 0))
                    .isCompletedWithValue(ClientPermit.GRANTED);
            assertThat(asks(authorizer, "mallory", Action.SUBSCRIBE, "room-1", 0))
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(
                            ClientRefusedException.class, e -> assertThat(e.code()).isEqualTo(103));
            assertThat(asks(authorizer, "alice", Action.PUBLISH, "room-1", 1001))
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(
                            ClientRefusedException.class, e -> assertThat(e.code()).isEqualTo(413));
        }
    }

    private static CompletableFuture<ClientPermit> asks(
            ClientAuthorizer authorizer, String user, Action action, String channel, int size) {
        return authorizer
                .authorize(
                        new ClientIntent(Caller.named(user), action, channel, "", new byte[size]))
                .toCompletableFuture();
    }

    // ---- Links

    /** To pages and not to headings: their anchors differ between a forge and the site. */
    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkLeadsToAFile(Path page) throws IOException {
        String text = Files.readString(page).replaceAll("(?s)```.*?```", "");
        List<String> broken =
                LINK.matcher(text)
                        .results()
                        .map(result -> result.group(1))
                        .filter(link -> !link.startsWith("https://"))
                        .filter(link -> !Files.isRegularFile(page.resolveSibling(link)))
                        .filter(link -> !Files.isRegularFile(RESOURCES.resolve(link)))
                        .toList();
        assertThat(broken).as("Links of %s that lead nowhere", page).isEmpty();
    }

    @Test
    void menuOfTheSiteHasEveryPage() throws IOException {
        Set<String> menu =
                ITEM.matcher(Files.readString(SITE.resolve("site.xml")))
                        .results()
                        .map(result -> result.group(1).replaceAll("html$", "md"))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(menu).allMatch(page -> Files.isRegularFile(PAGES.resolve(page)));
        Set<String> onTheTop =
                pages().filter(page -> PAGES.equals(page.getParent()))
                        .map(page -> page.getFileName().toString())
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(menu).containsAll(onTheTop);
    }

    @Test
    void everyPageIsReachedFromTheFirst() throws IOException {
        Set<Path> reached = new TreeSet<>();
        reach(PAGES.resolve("index.md"), reached);
        Set<Path> all = pages().filter(it -> it.startsWith(PAGES)).collect(Collectors.toSet());
        assertThat(reached).containsAll(all);
    }

    private static void reach(Path page, Set<Path> reached) throws IOException {
        if (!reached.add(page)) {
            return;
        }
        for (MatchResult result : LINK.matcher(Files.readString(page)).results().toList()) {
            Path next = page.resolveSibling(result.group(1)).normalize();
            if (next.toString().endsWith(".md") && Files.isRegularFile(next)) {
                reach(next, reached);
            }
        }
    }
}
