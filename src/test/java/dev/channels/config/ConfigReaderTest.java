package dev.channels.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.BacklogStrategy;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.SendMode;
import dev.channels.spi.BackendContext;
import dev.channels.spi.BackendFactory;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.Key;
import dev.channels.test.LogCapture;
import dev.channels.test.MapSource;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {

    @TempDir private Path directory;

    private static final List<Key<?>> REDIS_KEYS =
            List.of(text("uri"), text("password"), text("key-prefix"));

    private static Key<String> text(String name) {
        return Key.text(name, "", "what");
    }

    /** A backend's keys; it is never made here. */
    private record Factory(String name, List<Key<?>> keys) implements BackendFactory {
        @Override
        public ChannelsBackend create(BackendContext context) {
            throw new AssertionError("not made");
        }
    }

    private static final List<BackendFactory> FACTORIES =
            List.of(
                    new Factory("memory", List.of(text("history"))),
                    new Factory("redis", REDIS_KEYS));

    private static Config config(Map<String, String> values, Map<String, String> environment) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new MapSource(values), new EnvConfigSource(environment, 300))
                .build();
    }

    /** Values on top of one declared channel: {@code key=value}, without {@code channels.}. */
    private static Map<String, String> values(String... lines) {
        Map<String, String> values = new HashMap<>(Map.of("channels.names", "ticks"));
        for (String line : lines) {
            int sign = line.indexOf('=');
            values.put("channels." + line.substring(0, sign), line.substring(sign + 1));
        }
        return values;
    }

    private static ChannelsConfig read(String... lines) {
        return read(config(values(lines), Map.of()));
    }

    private static ChannelsConfig read(Config config) {
        Problems problems = new Problems();
        ChannelsConfig read = ConfigReader.read(config, FACTORIES, problems);
        problems.throwIfAny();
        return read;
    }

    private static String problem(String... lines) {
        return problem(config(values(lines), Map.of()));
    }

    private static String problem(Config config) {
        try {
            read(config);
        } catch (ChannelsException e) {
            assertThat(e.errorCode()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
            String head = e.errorCode().code() + ": The configuration of Channels EE is invalid:";
            assertThat(e).hasMessageStartingWith(head);
            return e.getMessage().substring(head.length() + "\n  - ".length());
        }
        throw new AssertionError("There is no problem");
    }

    // ---- Values

    @Test
    void publishInATransactionMayWaitForTheCommit() {
        assertThat(read("publish-in-transaction=after-commit").publishAfterCommit()).isTrue();
        assertThat(problem("publish-in-transaction=sometimes"))
                .contains("channels.publish-in-transaction", "at-once", "after-commit");
    }

    @Test
    void defaults() {
        assertThat(read())
                .usingRecursiveComparison()
                .isEqualTo(
                        new ChannelsConfig(
                                "memory",
                                true,
                                Set.of("ticks"),
                                false,
                                false,
                                0,
                                "/",
                                SendMode.TEXT,
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(25),
                                8192,
                                new SecurityConfig(
                                        List.of("same-origin"),
                                        false,
                                        100_000,
                                        java.util.OptionalInt.empty(),
                                        20_000,
                                        100_000,
                                        Duration.ofSeconds(60),
                                        List.of()),
                                java.util.OptionalInt.empty(),
                                java.util.OptionalLong.empty(),
                                BacklogStrategy.BACKOFF,
                                "dev.channels.Subscriber",
                                List.of(),
                                "java:comp/DefaultManagedExecutorService",
                                "java:comp/DefaultManagedScheduledExecutorService",
                                Runtime.getRuntime().availableProcessors(),
                                100_000,
                                67_108_864,
                                false,
                                16_777_216,
                                Duration.ofSeconds(10),
                                Duration.ZERO,
                                Duration.ofSeconds(10),
                                new ClientConfig(
                                        false,
                                        "/connection/websocket",
                                        Duration.ofSeconds(25),
                                        Duration.ofSeconds(8),
                                        Duration.ofSeconds(15),
                                        128,
                                        65_536,
                                        100,
                                        100,
                                        Duration.ZERO),
                                new SseConfig(false, "/connection/sse", Duration.ofSeconds(25)),
                                new ConsoleConfig(false, List.of())));
    }

    /** Writing a default changes nothing: so the constants of {@link Keys} are the defaults. */
    @ParameterizedTest
    @MethodSource("keys")
    void defaultOfEachKeyIsWhatItSays(Key<?> key) {
        String written = key.writtenDefault();
        String line = key.name().substring("channels.".length()) + "=" + written;
        if (key != Keys.NAMES) {
            assertThat(read(line)).isEqualTo(read());
        }
    }

    static Stream<Key<?>> keys() {
        return Keys.ALL.stream();
    }

    @Test
    void everyKeyIsRead() {
        ChannelsConfig read =
                read(
                        "backend=redis",
                        "backend-required=false",
                        "names=b, a,c ,",
                        "arbitrary-channels-allowed=TRUE",
                        "create-ws-route-handlers=true",
                        "ws-handler-send-history=-1",
                        "ws-handler-base-path=/ws/v1",
                        "ws-send-mode=binary",
                        "ws-send-timeout=5s",
                        "ws-ping-interval=0s",
                        "ws-max-message-size=0",
                        "allowed-origins=https://a.example.org:8443,http://[::1], same-origin,"
                                + "https://*.b.org",
                        "trust-forwarded-headers=true",
                        "max-connections=5",
                        "max-connections-per-caller=6",
                        "max-connections-per-address=11",
                        "max-channels=12",
                        "subscriber-max-backlog=7",
                        "subscriber-max-backlog-bytes=8",
                        "subscriber-backlog-strategy=DropLeft",
                        "subscriber-class=com.acme.Mine",
                        "type-encoders=com.acme.One,com.acme.Two",
                        "managed-executor=java:app/one",
                        "managed-scheduled-executor=java:app/two",
                        "send-concurrency=3",
                        "publish-queue-max-events=4",
                        "publish-queue-max-bytes=9000000000",
                        "subscribe-timeout=500ms",
                        "publish-in-transaction=after-commit",
                        "drain-time=20s",
                        "history-cache-max-bytes=0",
                        "shutdown-timeout=0",
                        "client-endpoint=true",
                        "client-path=/c",
                        "client-ping-interval=20s",
                        "client-pong-timeout=500ms",
                        "client-connect-timeout=1m",
                        "client-max-channels=1",
                        "client-max-message-size=256",
                        "client-max-commands-per-second=2",
                        "client-max-publishes-per-second=3",
                        "client-write-delay=20ms",
                        "sse-endpoint=true",
                        "sse-path=/events",
                        "sse-ping-interval=5s",
                        "console=true",
                        "console-role=admin, operator");
        assertThat(read)
                .usingRecursiveComparison()
                .isEqualTo(
                        new ChannelsConfig(
                                "redis",
                                false,
                                Set.of("a", "b", "c"),
                                true,
                                true,
                                -1,
                                "/ws/v1/",
                                SendMode.BINARY,
                                Duration.ofSeconds(5),
                                Duration.ZERO,
                                0,
                                new SecurityConfig(
                                        List.of(
                                                "https://a.example.org:8443",
                                                "http://[::1]",
                                                "same-origin",
                                                "https://*.b.org"),
                                        true,
                                        5,
                                        java.util.OptionalInt.of(6),
                                        11,
                                        12,
                                        Duration.ofSeconds(60),
                                        List.of()),
                                java.util.OptionalInt.of(7),
                                java.util.OptionalLong.of(8),
                                BacklogStrategy.DROPLEFT,
                                "com.acme.Mine",
                                List.of("com.acme.One", "com.acme.Two"),
                                "java:app/one",
                                "java:app/two",
                                3,
                                4,
                                9_000_000_000L,
                                true,
                                0,
                                Duration.ofMillis(500),
                                Duration.ofSeconds(20),
                                Duration.ZERO,
                                new ClientConfig(
                                        true,
                                        "/c",
                                        Duration.ofSeconds(20),
                                        Duration.ofMillis(500),
                                        Duration.ofMinutes(1),
                                        1,
                                        256,
                                        2,
                                        3,
                                        Duration.ofMillis(20)),
                                new SseConfig(true, "/events", Duration.ofSeconds(5)),
                                new ConsoleConfig(true, List.of("admin", "operator"))));
        assertThat(read.names()).containsExactly("b", "a", "c");
        assertThatThrownBy(() -> read.names().add("x"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void consoleIsForRolesOnly() {
        assertThat(problem("console=true"))
                .contains("channels.console-role", "no role may see it", "=admin");
        assertThat(problem("console=true", "console-role=permit-all"))
                .contains("channels.console-role", "permit-all", "operators only");
        assertThat(read("console=true", "console-role=**").console().roles()).containsExactly("**");
    }

    @Test
    void blankValueCountsAsNotSet() {
        assertThat(read("ws-send-mode=  ", "subscriber-max-backlog= ")).isEqualTo(read());
    }

    @Test
    void commaInANameIsEscaped() {
        assertThat(read("names=a\\,b,c").names()).containsExactly("a,b", "c");
    }

    /** A properties file takes one backslash of two for itself. */
    @Test
    void commaInANameIsEscapedTwiceInAPropertiesFile() throws IOException {
        Config config = properties("app.properties", "channels.names=a\\\\,b,c\\\\d");
        assertThat(read(config).names()).containsExactly("a,b", "c\\d");
    }

    private Config properties(String file, String... lines) throws IOException {
        Path path = Files.write(directory.resolve(file), List.of(lines));
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(path.toUri().toURL()))
                .build();
    }

    // ---- Invalid values: key, value, source, what, remedy

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "backend-required=yes|'yes' (from app.properties): neither true nor false. Write"
                        + " true or false.",
                "arbitrary-channels-allowed=1|'1' (from app.properties): neither true nor false."
                        + " Write true or false.",
                "create-ws-route-handlers=on|'on' (from app.properties): neither true nor false."
                        + " Write true or false.",
                "ws-handler-send-history=all|'all' (from app.properties): not a whole number in the"
                        + " range. Write a whole number from -2147483648 to 2147483647.",
                "allowed-origins=*.example.org|'*.example.org' (from app.properties): not an origin."
                        + " Write same-origin, *, or origins separated by commas: a scheme, a host,"
                        + " and a port if it is not the usual one, for example"
                        + " https://app.example.org or https://*.example.org.",
                "allowed-origins=https://a.org/|'https://a.org/' (from app.properties): not an"
                        + " origin. Write same-origin, *, or origins separated by commas: a scheme, a"
                        + " host, and a port if it is not the usual one, for example"
                        + " https://app.example.org or https://*.example.org.",
                "allowed-origins=*,https://a.org|'*,https://a.org' (from app.properties): * allows"
                        + " every origin already. Leave the others out.",
                "max-connections=0|'0' (from app.properties): not a whole number in the range. Write a"
                        + " whole number from 1 to 2147483647.",
                "max-connections-per-caller=x|'x' (from app.properties): not a whole number in the"
                        + " range. Write a whole number from 1 to 2147483647.",
                "trust-forwarded-headers=2|'2' (from app.properties): neither true nor false. Write"
                        + " true or false.",
                "ws-send-mode=txt|'txt' (from app.properties): not one of the choices. Did you mean"
                        + " 'text'? Use one of text, binary.",
                "ws-send-timeout=0s|'0s' (from app.properties): it must be 1ms or longer."
                        + " Write for example 30s.",
                "ws-max-message-size=-1|'-1' (from app.properties): not a whole number in the"
                        + " range. Write a whole number from 0 to 2147483647.",
                "subscriber-max-backlog=-1|'-1' (from app.properties): not a whole number in the"
                        + " range. Write a whole number from 1 to 2147483647.",
                "subscriber-max-backlog=0|'0' (from app.properties): not a whole number in the"
                        + " range. Write a whole number from 1 to 2147483647.",
                "subscriber-max-backlog=many|'many' (from app.properties): not a whole number in"
                        + " the range. Write a whole number from 1 to 2147483647.",
                "subscriber-max-backlog-bytes=1MB|'1MB' (from app.properties): not a whole number"
                        + " in the range. Write a whole number from 1 to 9223372036854775807.",
                "subscriber-backlog-strategy=dropright|'dropright' (from app.properties): not one"
                        + " of the choices. Use one of backoff, dropleft, disconnect.",
                "subscriber-backlog-strategy=drop_left|'drop_left' (from app.properties): not one"
                        + " of the choices. Did you mean 'dropleft'? Use one of backoff, dropleft,"
                        + " disconnect.",
                "send-concurrency=1001|'1001' (from app.properties): not a whole number in the"
                        + " range. Write a whole number from 0 to 1000.",
                "publish-queue-max-events=0|'0' (from app.properties): not a whole number in the"
                        + " range. Write a whole number from 1 to 2147483647.",
                "publish-queue-max-bytes=9223372036854775808|'9223372036854775808' (from"
                        + " app.properties): not a whole number in the range. Write a whole number"
                        + " from 1 to 9223372036854775807.",
                "subscribe-timeout=soon|'soon' (from app.properties): not a duration of up to"
                        + " 36500d. Write a number and a unit (500ms, 10s, 5m, 2h, 7d) or ISO 8601"
                        + " (PT10S).",
                "shutdown-timeout=-1s|'-1s' (from app.properties): not a duration of up to 36500d."
                        + " Write a number and a unit (500ms, 10s, 5m, 2h, 7d) or ISO 8601 (PT10S).",
                "names=ticks,a/b|'ticks,a/b' (from app.properties): 'a/b' cannot be the name of a"
                        + " channel. A name has 1 to 200 characters, no control characters, no '/',"
                        + " no unpaired surrogates.",
                "names=ticks,chat,ticks|'ticks,chat,ticks' (from app.properties): 'ticks' is named"
                        + " twice. Name each channel once.",
                "names=,|',' (from app.properties): there is nothing between its commas. Write at"
                        + " least one element, or leave the key out.",
                "type-encoders=, ,|', ,' (from app.properties): there is nothing between its"
                        + " commas. Write at least one element, or leave the key out.",
            })
    void invalidValueIsExplained(String line, String explained) {
        String key = line.substring(0, line.indexOf('='));
        assertThat(problem(line)).isEqualTo("channels." + key + " = " + explained);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "client-path=ws/|'ws/' (from app.properties): not a path that an endpoint can be on."
                        + " Begin it with '/', for example /connection/websocket, end it without one,"
                        + " and use letters, digits and ._~!$&()*+,=:@- only.",
                "client-ping-interval=30500ms|'30500ms' (from app.properties): clients are told whole"
                        + " seconds. Write for example 25s.",
                "client-pong-timeout=25s|'25s' (from app.properties): an answer would come due after"
                        + " the next ping. Make it shorter than channels.client-ping-interval (25s).",
                "client-connect-timeout=0s|'0s' (from app.properties): it must be 1ms or longer."
                        + " Write for example 15s.",
                "client-max-channels=0|'0' (from app.properties): not a whole number in the range."
                        + " Write a whole number from 1 to 100000.",
                "client-max-message-size=1|'1' (from app.properties): not a whole number in the"
                        + " range. Write a whole number from 256 to 16777216.",
            })
    void invalidValueOfTheClientEndpointIsExplained(String line, String explained) {
        String key = line.substring(0, line.indexOf('='));
        assertThat(problem(line).replace("!$&'()", "!$&()"))
                .isEqualTo("channels." + key + " = " + explained);
    }

    @Test
    void clientEndpointAmongThoseOfChannels() {
        assertThat(
                        problem(
                                "names=a",
                                "create-ws-route-handlers=true",
                                "client-endpoint=true",
                                "client-path=/all"))
                .isEqualTo(
                        "channels.client-path = '/all' (from app.properties): the endpoints of"
                                + " single channels are below / already. Choose a path with another"
                                + " number of segments, or move those"
                                + " (channels.ws-handler-base-path).");
    }

    @Test
    void noChannelAtAll() {
        assertThat(problem("names= "))
                .isEqualTo(
                        "channels.names = '': no channel can exist. Name the channels"
                                + " (channels.names=ticks,chat), or set"
                                + " channels.arbitrary-channels-allowed=true. In an EAR, put the"
                                + " properties into a JAR of its lib: not every server sees those of"
                                + " a WAR at boot.");
        assertThat(read("names=", "arbitrary-channels-allowed=true").names()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "a?b", "a#b"})
    void nameThatIsNoSegmentOfAPath(String name) {
        assertThat(problem("names=" + name, "create-ws-route-handlers=true"))
                .isEqualTo(
                        "channels.names = '"
                                + name
                                + "' (from app.properties): '"
                                + name
                                + "' cannot be a segment of a path on every server. Rename it: no"
                                + " \\, ? or #, and neither . nor .. alone; or set"
                                + " channels.create-ws-route-handlers=false.");
        assertThat(read("names=" + name).names()).containsExactly(name);
    }

    @ParameterizedTest
    @CsvSource({"/, /", "/ws, /ws/", "/ws/, /ws/", "/a/b.c~d/e, /a/b.c~d/e/", "/...,/.../"})
    void basePathBeginsAndEndsWithASlash(String written, String path) {
        assertThat(read("ws-handler-base-path=" + written).wsHandlerBasePath()).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ws", "//", "/ws//x", "/a b", "/{x}", "/..", "/a/../b", "/.", "/ä", "/%20"})
    void basePathThatIsNone(String written) {
        assertThat(problem("ws-handler-base-path=" + written))
                .startsWith(
                        "channels.ws-handler-base-path = '"
                                + written
                                + "' (from app.properties): not a path that an endpoint can be"
                                + " under. Begin it with '/'");
    }

    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S",
        "10s, PT10S",
        "10, PT10S",
        "5m, PT5M",
        "2h, PT2H",
        "7d, PT168H",
        "36500d, PT876000H",
        "1 s, PT1S",
        "PT1M30S, PT1M30S"
    })
    void durations(String written, Duration expected) {
        assertThat(read("subscribe-timeout=" + written).subscribeTimeout()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "36501d",
                "999999999999d",
                "PT9000000000000000S",
                "10 parsecs",
                "1.5s",
                "PT-1S",
                "-5"
            })
    void durationsThatAreNone(String written) {
        assertThat(problem("shutdown-timeout=" + written)).contains("not a duration of up to");
    }

    // ---- Unknown keys

    @Test
    void unknownKeyIsReportedWithTheNearest() {
        assertThat(problem("subscriber-max-backlock=5"))
                .isEqualTo(
                        "channels.subscriber-max-backlock = '5' (from app.properties): there is no"
                                + " such key. Did you mean channels.subscriber-max-backlog?");
        assertThat(problem("memory.histroy=5"))
                .isEqualTo(
                        "channels.memory.histroy = '5' (from app.properties): there is no such key."
                                + " Did you mean channels.memory.history?");
        assertThat(problem("x=5"))
                .isEqualTo(
                        "channels.x = '5' (from app.properties): there is no such key. The page"
                                + " Configuration of the documentation lists the keys.");
        assertThat(problem("ws.send.mode=binary")).contains("Did you mean channels.ws-send-mode?");
    }

    /** A configuration that lives as long as its JVM keeps the names that it has seen. */
    @Test
    void unknownKeyOfTheNextDeploymentIsReportedToo() {
        Map<String, String> values = values();
        Config config = config(values, Map.of());
        assertThatCode(() -> read(config)).doesNotThrowAnyException();
        assertThat(config.getPropertyNames()).doesNotContain("channels.memory.histroy");
        values.put("channels.memory.histroy", "5");
        assertThat(problem(config))
                .startsWith("channels.memory.histroy = '5' (from app.properties)");
    }

    @Test
    void unknownKeyThatMayHoldASecretIsReportedWithoutIt() {
        assertThat(problem("redis.pasword=hush"))
                .startsWith("channels.redis.pasword = (not shown)")
                .doesNotContain("hush");
    }

    // ---- What is valid and surely not meant

    @Test
    void namesThatAreSeparatedBySemicolonsAreDoubtful() {
        Problems problems = new Problems();
        ChannelsConfig read =
                ConfigReader.read(
                        config(values("names=orders;stock,chat"), Map.of()), FACTORIES, problems);
        assertThat(read.names()).containsExactly("orders;stock", "chat");
        assertThat(problems.isEmpty()).isTrue();
        try (LogCapture log = new LogCapture()) {
            problems.warnOfDoubts();
            assertThat(log.messages("CHANNELS0001"))
                    .containsExactly(
                            "CHANNELS0001: channels.names = 'orders;stock,chat' (from"
                                    + " app.properties): 'orders;stock' is one channel, with a"
                                    + " semicolon in its name. Separate names by commas.");
        }
    }

    // ---- Families

    @Test
    void aNameThatEndsInAnAsteriskDeclaresAFamily() {
        assertThat(read("names=orders,order-*").names()).containsExactly("orders", "order-*");
        assertThat(problem("names=orders,*")).contains("a family has a name before its asterisk");
    }

    @ParameterizedTest
    @ValueSource(strings = {"#alice", "#*", "#"})
    void aNameThatBeginsAsThoseOfUsersIsNotToBeDeclared(String name) {
        assertThat(problem("names=orders," + name))
                .contains("'" + name + "' begins with #, as the channels of users do");
        assertThat(read("names=orders", "policy.a.channels=#*").security().policies()).hasSize(1);
    }

    @Test
    void keysOfOtherPrefixesAreNotOurs() {
        Map<String, String> values = values("memory.history=5", "redis.key-prefix=x");
        values.put("channelsx.y", "1");
        values.put("channels", "1");
        assertThatCode(() -> read(config(values, Map.of()))).doesNotThrowAnyException();
    }

    @Test
    void backendOfTheApplicationHasKeysOfItsOwn() {
        assertThat(read("backend=acme", "acme.anything=1").backend()).isEqualTo("acme");
        assertThat(problem("backend=memory", "acme.anything=1")).contains("there is no such key");
        assertThat(problem("backend=acme", "acmex.anything=1")).contains("there is no such key");
    }

    // ---- The environment

    @Test
    void environmentOverrides() {
        Map<String, String> environment =
                Map.of(
                        "CHANNELS_NAMES", "fromenv",
                        "CHANNELS_ARBITRARY_CHANNELS_ALLOWED", "true",
                        "CHANNELS_WS_SEND_MODE", "binary");
        ChannelsConfig read = read(config(values("ws-send-mode=text"), environment));
        assertThat(read.names()).containsExactly("fromenv");
        assertThat(read.arbitraryChannelsAllowed()).isTrue();
        assertThat(read.wsSendMode()).isEqualTo(SendMode.BINARY);
    }

    @Test
    void variablesThatKubernetesSetsForAServiceAreNoKeys() {
        Map<String, String> environment =
                Map.of(
                        "CHANNELS_SERVICE_HOST", "10.0.0.1",
                        "CHANNELS_PORT", "tcp://10.0.0.1:80",
                        "CHANNELS_PORT_80_TCP_ADDR", "10.0.0.1");
        assertThatCode(() -> read(config(values(), environment))).doesNotThrowAnyException();
    }

    @Test
    void invalidValueOfTheEnvironmentNamesItsSource() {
        assertThat(problem(config(values(), Map.of("CHANNELS_SEND_CONCURRENCY", "many"))))
                .startsWith("channels.send-concurrency = 'many' (from EnvConfigSource");
    }

    @Test
    void sourceThatOnlySoundsLikeTheEnvironmentIsNone() throws IOException {
        Config config = properties("ProdEnv.properties", "channels.names=a", "channels.nmes=b");
        assertThat(problem(config)).startsWith("channels.nmes = 'b' (from ");
    }

    // ---- Expressions

    @Test
    void expressionsAreResolved() {
        Map<String, String> values = values("names=${acme.channel}");
        values.put("acme.channel", "news");
        assertThat(read(config(values, Map.of())).names()).containsExactly("news");
    }

    @Test
    void expressionThatCannotBeResolvedIsAProblemLikeOthers() {
        String problem = problem("backend=${acme.backend}", "x=${acme.x}", "send-concurrency=many");
        assertThat(problem)
                .contains(
                        "channels.backend = '${acme.backend}': it holds an expression that cannot be"
                                + " resolved. Set what the expression names, or write the value"
                                + " itself.")
                .contains("channels.x = '${acme.x}'", "there is no such key")
                .contains("channels.send-concurrency = 'many'");
    }

    @Test
    void expressionsThatAreEmptyOnBothSidesOfACommaAreAProblemLikeOthers() {
        assertThat(problem("names=${acme.a:},${acme.b:}", "send-concurrency=many").split("\n  - "))
                .hasSize(2)
                .anyMatch(line -> line.contains("there is nothing between its commas"))
                .anyMatch(line -> line.startsWith("channels.send-concurrency = 'many'"));
    }

    // ---- All at once, and secrets

    @Test
    void allProblemsAreReportedAtOnce() {
        String problem =
                problem(
                        "names=a/b",
                        "subscriber-max-backlog=-1",
                        "ws-send-mode=txt",
                        "subscribe-timeout=soon",
                        "unknown=1");
        assertThat(problem.split("\n  - "))
                .hasSize(5)
                .allMatch(line -> line.matches("channels\\.\\S+ = '.*' \\(from .*\\): .+\\. .+"));
    }

    @Test
    void contradictionsAreNotReportedForWhatIsInvalidItself() {
        assertThat(problem("names=a/b").split("\n  - ")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis.pasword",
                "redis.passwd",
                "redis.pwd",
                "redis.client-secret",
                "redis.url",
                "redis.Token",
                "redsi.uri",
                "redis.credentials"
            })
    void secretsAreNotShown(String key) {
        assertThat(problem(key + "=hunter2"))
                .doesNotContain("hunter2")
                .startsWith("channels." + key + " = (not shown)");
    }

    @Test
    void secretsOfABackendAreNotShown() {
        Problems problems = new Problems();
        Values values =
                new Values(
                        config(values("redis.password=hunter2", "redis.uri=x:hunter2"), Map.of()),
                        "channels.redis.",
                        problems);
        values.problem("password", "it is too short", "Write a longer one.");
        values.find(Key.integer("uri", "", 1, 2, "how many"));
        assertThatThrownBy(problems::throwIfAny)
                .hasMessageContaining("channels.redis.password = (not shown)")
                .hasMessageNotContaining("hunter2");
    }
}
