package dev.channels;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import dev.channels.spi.Log;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The house: which package may use which, and how little of it can be seen. */
class ArchitectureTest {

    private static final String ROOT = "dev.channels";
    private static final String SPI = "dev.channels.spi";
    private static final String CONFIG = "dev.channels.config";
    private static final String INTERNAL = "dev.channels.internal";
    private static final String BACKEND = "dev.channels.backend.";
    private static final String SERVER = "dev.channels.server";
    private static final String ENDPOINT = "dev.channels.endpoint";
    private static final String WEBSOCKET = "dev.channels.websocket";
    private static final String CLIENT = "dev.channels.client";
    private static final String ENCODING = CLIENT + ".encoding";
    private static final List<String> DOORS =
            List.of(WEBSOCKET, CLIENT, "dev.channels.sse", "dev.channels.console");
    private static final String TRANSACTION = "dev.channels.transaction";
    private static final String CDI = "dev.channels.cdi";

    private static final JavaClasses MAIN = importFrom(mainClasses());

    /** Names are enough here: what the classes of others contain need not be read. */
    private static JavaClasses importFrom(Path classes) {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter().importPath(classes);
    }

    /** Where the library's own classes are, those of the tests left out. */
    static Path mainClasses() {
        try {
            return Path.of(
                    ChannelsPlugin.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ArchRule onlyUses(String packageName, String... allowed) {
        DescribedPredicate<JavaClass> ours = resideInAPackage(ROOT + "..");
        DescribedPredicate<JavaClass> itself = resideInAPackage(packageName);
        return noClasses()
                .that(resideInAPackage(packageName))
                .should()
                .dependOnClassesThat(
                        ours.and(DescribedPredicate.not(itself))
                                .and(DescribedPredicate.not(resideInAnyPackage(allowed))))
                .because("dependencies of " + packageName + " point upwards only");
    }

    // ---- Directions

    @Test
    void rootUsesNothingElse() {
        onlyUses(ROOT).check(MAIN);
    }

    @Test
    void spiUsesTheRoot() {
        onlyUses(SPI, ROOT).check(MAIN);
    }

    @Test
    void configUsesRootAndSpi() {
        onlyUses(CONFIG, ROOT, SPI).check(MAIN);
    }

    @Test
    void internalUsesRootAndSpi() {
        onlyUses(INTERNAL + "..", ROOT, SPI).check(MAIN);
        onlyUses(INTERNAL + ".task", ROOT, SPI).check(MAIN);
        onlyUses(INTERNAL + ".publish", ROOT, SPI, INTERNAL + ".task").check(MAIN);
    }

    @Test
    void backendsUseRootAndSpi() {
        onlyUses("dev.channels.backend..", ROOT, SPI).check(MAIN);
    }

    @Test
    void backendsDoNotKnowEachOther() {
        Set<String> backends =
                packageUses().keySet().stream()
                        .filter(name -> name.startsWith(BACKEND))
                        .map(name -> BACKEND + name.substring(BACKEND.length()).split("\\.")[0])
                        .collect(Collectors.toSet());
        assertThat(backends).hasSizeGreaterThan(2);
        backends.forEach(backend -> onlyUses(backend + "..", ROOT, SPI).check(MAIN));
    }

    @Test
    void serverUsesRootAndSpi() {
        onlyUses(SERVER, ROOT, SPI).check(MAIN);
    }

    @Test
    void endpointUsesRootSpiAndServer() {
        onlyUses(ENDPOINT + "..", ROOT, SPI, SERVER).check(MAIN);
    }

    /** Who looks after connections knows no server, and who decides no connection. */
    @Test
    void floorsOfTheEndpointUseThoseAboveThem() {
        String task = ENDPOINT + ".task";
        String request = ENDPOINT + ".request";
        String policy = ENDPOINT + ".policy";
        String connection = ENDPOINT + ".connection";
        onlyUses(task, ROOT, SPI).check(MAIN);
        onlyUses(request, ROOT, SPI, SERVER).check(MAIN);
        onlyUses(policy, ROOT, SPI, task, request).check(MAIN);
        onlyUses(connection, ROOT, SPI, task, request, policy).check(MAIN);
        onlyUses(ENDPOINT + ".write", ROOT, SPI, SERVER, connection).check(MAIN);
    }

    /** The doors stand side by side: none knows another. */
    @Test
    void doorsUseRootSpiServerAndEndpoint() {
        for (String door : DOORS) {
            onlyUses(door + "..", ROOT, SPI, SERVER, ENDPOINT + "..").check(MAIN);
        }
    }

    @Test
    void browserUsesNothingElse() {
        onlyUses("dev.channels.browser").check(MAIN);
    }

    @Test
    void floorsOfTheClientUseThoseAboveThem() {
        String protocol = CLIENT + ".protocol";
        String stream = CLIENT + ".stream";
        String rules = CLIENT + ".rules";
        String session = CLIENT + ".session";
        onlyUses(protocol, ROOT, SPI).check(MAIN);
        onlyUses(ENCODING, ROOT, SPI, protocol).check(MAIN);
        onlyUses(stream, ROOT, SPI, protocol, ENCODING, ENDPOINT + ".write").check(MAIN);
        onlyUses(rules, ROOT, SPI, protocol, stream, ENDPOINT + "..").check(MAIN);
        onlyUses(session, ROOT, SPI, protocol, stream, rules).check(MAIN);
        onlyUses(CLIENT + ".connected", ROOT, SPI, protocol, session).check(MAIN);
    }

    @Test
    void transactionUsesRootSpiAndWhatWaits() {
        onlyUses(TRANSACTION, ROOT, SPI, INTERNAL + ".publish").check(MAIN);
    }

    @Test
    void eventUsesTheRoot() {
        onlyUses("dev.channels.event", ROOT).check(MAIN);
    }

    @Test
    void cdiEventUsesWhatItTellsOf() {
        String connection = ENDPOINT + ".connection";
        onlyUses(CDI + ".event", ROOT, SPI, INTERNAL + ".task", connection, "dev.channels.event")
                .check(MAIN);
        assertThat(publicTypesIn(CDI + ".event"))
                .containsExactlyInAnyOrder("ChannelEvents", "LifeEvents");
    }

    @Test
    void messagingUsesTheRootAndWhatIsConfigured() {
        onlyUses(CDI + ".messaging", ROOT, SPI, CONFIG, INTERNAL + ".task").check(MAIN);
        assertThat(publicTypesIn(CDI + ".messaging"))
                .containsExactlyInAnyOrder("ConnectorBeans", "MessagingChannels");
    }

    /** Each optional API has a package of its own, and none uses another. */
    @Test
    void healthAndManagementUseTheStatus() {
        String status = CDI + ".status";
        onlyUses(status, ROOT).check(MAIN);
        onlyUses(CDI + ".health", ROOT, status).check(MAIN);
        onlyUses(CDI + ".jmx", ROOT, SPI, status).check(MAIN);
        String telemetry = CDI + ".telemetry";
        String[] engine = {INTERNAL + ".node", INTERNAL + ".task"};
        onlyUses(telemetry, ROOT, SPI, status, ENDPOINT + "..", engine[0], engine[1]).check(MAIN);
        onlyUses(telemetry + ".otel", ROOT, SPI, telemetry, engine[1]).check(MAIN);
        onlyUses(telemetry + ".metrics", ROOT, SPI, telemetry, engine[1]).check(MAIN);
    }

    @Test
    void nobodyUsesCdi() {
        noClasses()
                .that(DescribedPredicate.not(resideInAPackage(CDI)))
                .should()
                .dependOnClassesThat(resideInAPackage(CDI))
                .check(MAIN);
    }

    @Test
    void packagesHaveNoCycles() {
        Map<String, Set<String>> left = packageUses();
        assertThat(left).hasSizeGreaterThan(6);
        // What uses nothing that is left is in no cycle.
        while (left.values().removeIf(Set::isEmpty)) {
            left.values().forEach(used -> used.retainAll(left.keySet()));
        }
        assertThat(left).as("Packages in a cycle, or using one").isEmpty();
    }

    /** Returns which packages of ours each package uses, itself left out. */
    private static Map<String, Set<String>> packageUses() {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (JavaClass user : MAIN) {
            Set<String> used = uses.computeIfAbsent(user.getPackageName(), name -> new TreeSet<>());
            user.getDirectDependenciesFromSelf().stream()
                    .map(it -> it.getTargetClass().getBaseComponentType().getPackageName())
                    .filter(name -> name.equals(ROOT) || name.startsWith(ROOT + "."))
                    .filter(name -> !name.equals(user.getPackageName()))
                    .forEach(used::add);
        }
        return uses;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev.channels.backend.memory",
                "dev.channels.backend.postgresql",
                "dev.channels.backend.redis"
            })
    void classesHaveNoCycles(String packageName) {
        Map<String, Set<String>> left = classUses(packageName);
        assertThat(left).hasSizeGreaterThan(3);
        while (left.values().removeIf(Set::isEmpty)) {
            left.values().forEach(used -> used.retainAll(left.keySet()));
        }
        assertThat(left).as("Classes in a cycle, or using one").isEmpty();
    }

    /** Returns which classes each class of a package uses; a nested one counts as its outermost. */
    private static Map<String, Set<String>> classUses(String packageName) {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (JavaClass user : MAIN.that(resideInAPackage(packageName + ".."))) {
            String name = outermost(user);
            Set<String> used = uses.computeIfAbsent(name, any -> new TreeSet<>());
            user.getDirectDependenciesFromSelf().stream()
                    .map(it -> it.getTargetClass().getBaseComponentType())
                    .filter(it -> it.getPackageName().startsWith(packageName))
                    .map(ArchitectureTest::outermost)
                    .filter(it -> !it.equals(name))
                    .forEach(used::add);
        }
        return uses;
    }

    private static String outermost(JavaClass type) {
        return type.getName().split("\\$")[0];
    }

    @Test
    void classesOfAPackageHaveNoCircles() {
        Set<String> circles = new TreeSet<>();
        classUses()
                .forEach(
                        (packageName, uses) ->
                                circlesIn(uses)
                                        .forEach(it -> circles.add(packageName + ": " + it)));
        assertThat(circles).isEmpty();
    }

    /** Returns by package which top-level classes of the same package each of its own uses. */
    private static Map<String, Map<String, Set<String>>> classUses() {
        Map<String, Map<String, Set<String>>> uses = new TreeMap<>();
        for (JavaClass user : MAIN) {
            String packageName = user.getPackageName();
            Set<String> used =
                    uses.computeIfAbsent(packageName, name -> new TreeMap<>())
                            .computeIfAbsent(topLevel(user), name -> new TreeSet<>());
            user.getDirectDependenciesFromSelf().stream()
                    .map(it -> it.getTargetClass().getBaseComponentType())
                    .filter(target -> target.getPackageName().equals(packageName))
                    .map(ArchitectureTest::topLevel)
                    .filter(name -> !name.equals(topLevel(user)))
                    .forEach(used::add);
        }
        return uses;
    }

    private static String topLevel(JavaClass type) {
        String name = type.getName().substring(type.getPackageName().length() + 1);
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    /** Returns the sets of classes that reach each other. */
    private static Set<Set<String>> circlesIn(Map<String, Set<String>> uses) {
        Map<String, Set<String>> reached = new TreeMap<>();
        uses.keySet().forEach(name -> reached.put(name, reach(uses, name)));
        Set<Set<String>> circles = new HashSet<>();
        reached.forEach(
                (name, others) -> {
                    if (others.contains(name)) {
                        circles.add(
                                others.stream()
                                        .filter(it -> reached.get(it).contains(name))
                                        .collect(Collectors.toCollection(TreeSet::new)));
                    }
                });
        return circles;
    }

    private static Set<String> reach(Map<String, Set<String>> uses, String from) {
        Set<String> reached = new TreeSet<>();
        Deque<String> next = new ArrayDeque<>(uses.get(from));
        while (!next.isEmpty()) {
            String name = next.pop();
            if (reached.add(name)) {
                next.addAll(uses.getOrDefault(name, Set.of()));
            }
        }
        return reached;
    }

    @Test
    void circlesAreFound() {
        Map<String, Set<String>> uses =
                Map.of(
                        "a", Set.of("b"),
                        "b", Set.of("c"),
                        "c", Set.of("a", "d"),
                        "d", Set.of("e"),
                        "e", Set.of());
        assertThat(circlesIn(uses)).containsExactly(Set.of("a", "b", "c"));
    }

    // ---- What comes from outside

    private static void onlyIn(String packageName, String... outside) {
        onlyIn(new String[] {packageName}, outside);
    }

    private static void onlyIn(String[] packages, String... outside) {
        noClasses()
                .that(DescribedPredicate.not(resideInAnyPackage(packages)))
                .and(DescribedPredicate.not(resideInAPackage(CDI + "..")))
                .should()
                .dependOnClassesThat(resideInAnyPackage(outside))
                .check(MAIN);
    }

    @Test
    void cdiIsOnlyKnownToCdi() {
        onlyIn(
                new String[] {CDI, "dev.channels.event"},
                "jakarta.enterprise..",
                "jakarta.inject..",
                "jakarta.annotation..");
    }

    @Test
    void jsonProcessingIsOnlyKnownToTheEncoding() {
        onlyIn(ENCODING, "jakarta.json..");
    }

    @Test
    void webSocketAndServletAreOnlyKnownToTheDoors() {
        String[] known = {
            SERVER,
            ENDPOINT,
            ENDPOINT + ".request",
            ENDPOINT + ".write",
            WEBSOCKET,
            "dev.channels.browser",
            "dev.channels.console",
            CLIENT,
            "dev.channels.sse"
        };
        onlyIn(known, "jakarta.websocket..", "jakarta.servlet..");
    }

    @Test
    void jtaIsOnlyKnownToTransaction() {
        onlyIn(TRANSACTION, "jakarta.transaction..");
        noClasses()
                .that(resideInAPackage(CDI))
                .should()
                .dependOnClassesThat(resideInAPackage("jakarta.transaction.."))
                .check(MAIN);
    }

    @Test
    void microProfileConfigIsOnlyKnownToConfig() {
        onlyIn(CONFIG, "org.eclipse.microprofile.config..");
    }

    @Test
    void metricsAndTelemetryAreOnlyKnownToTheirPackages() {
        noClasses()
                .that(DescribedPredicate.not(resideInAPackage(CDI + ".telemetry.metrics")))
                .should()
                .dependOnClassesThat(resideInAPackage("org.eclipse.microprofile.metrics.."))
                .check(MAIN);
        noClasses()
                .that(DescribedPredicate.not(resideInAPackage(CDI + ".telemetry.otel")))
                .should()
                .dependOnClassesThat(resideInAPackage("io.opentelemetry.."))
                .check(MAIN);
    }

    @Test
    void healthIsOnlyKnownToHealth() {
        noClasses()
                .that(DescribedPredicate.not(resideInAPackage(CDI + ".health")))
                .should()
                .dependOnClassesThat(resideInAPackage("org.eclipse.microprofile.health.."))
                .check(MAIN);
    }

    @Test
    void rootSpiAndInternalUseOnlyTheJdk() {
        classes()
                .that(resideInAnyPackage(ROOT, SPI, INTERNAL + ".."))
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(
                                "java..",
                                "org.jspecify..",
                                "com.google.errorprone.annotations..",
                                ROOT,
                                SPI,
                                INTERNAL + ".."))
                .check(MAIN);
    }

    // ---- Habits

    @Test
    void nobodySleepsOrPrints() {
        noClasses().should().accessField(System.class, "out").check(MAIN);
        noClasses().should().accessField(System.class, "err").check(MAIN);
        noClasses().should().callMethodWhere(target(nameMatching("printStackTrace"))).check(MAIN);
        noClasses()
                .that(DescribedPredicate.not(LOOKS_AT_INTERVALS))
                .should(callAnySleep())
                .check(MAIN);
    }

    @Test
    void testsDoNotSleep() throws Exception {
        Path tests =
                Path.of(
                        ArchitectureTest.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        JavaClasses classes = importFrom(tests);
        noClasses()
                .that(DescribedPredicate.not(KEEPS_A_PACE))
                .should(callAnySleep())
                .check(classes);
    }

    /** Whatever makes a thread wait for a time only, of threads, time units and lock support. */
    private static ArchCondition<JavaClass> callAnySleep() {
        return ArchConditions.callMethodWhere(target(nameMatching("sleep|parkNanos|parkUntil")));
    }

    /**
     * At the end of an application, for a bounded time: no server tells when a socket is closed.
     */
    private static final DescribedPredicate<JavaClass> LOOKS_AT_INTERVALS =
            simpleNameIn("ConnectionStop");

    /** Loads: nothing is waited for. */
    private static final DescribedPredicate<JavaClass> KEEPS_A_PACE =
            simpleNameIn(
                    "Publisher",
                    "NumberedLoad",
                    // those of the benchmarks, where they are compiled
                    "BenchmarkNode",
                    "HeapScenario",
                    "CpuClock",
                    "Lane");

    private static DescribedPredicate<JavaClass> simpleNameIn(String... names) {
        return DescribedPredicate.describe(
                "one of " + List.of(names), type -> List.of(names).contains(type.getSimpleName()));
    }

    /** So every line in the log begins with a code, and none is written more often than meant. */
    @Test
    void onlyTheLogLogs() {
        noClasses()
                .that(DescribedPredicate.not(JavaClass.Predicates.type(Log.class)))
                .should()
                .dependOnClassesThat(
                        JavaClass.Predicates.assignableTo(System.Logger.class)
                                .or(resideInAPackage("java.util.logging..")))
                .check(MAIN);
    }

    @Test
    void everyPackageSaysWhatItIs() {
        Set<String> described =
                MAIN.stream()
                        .filter(type -> type.getSimpleName().equals("package-info"))
                        .map(JavaClass::getPackageName)
                        .collect(Collectors.toSet());
        Set<String> packages =
                MAIN.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
        assertThat(described).isEqualTo(packages);
    }

    // ---- What can be seen: a type is added here with a reason, or made package-private

    private static Set<String> publicTypesIn(String packageName) {
        return MAIN.stream()
                .filter(type -> type.getPackageName().equals(packageName))
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(JavaClass::isTopLevelClass)
                .map(JavaClass::getSimpleName)
                .filter(name -> !name.equals("package-info"))
                .collect(Collectors.toSet());
    }

    @Test
    void rootShowsTheApi() {
        assertThat(publicTypesIn(ROOT))
                .containsExactlyInAnyOrder(
                        "BackgroundTask",
                        "Backlog",
                        "BacklogStrategy",
                        "Caller",
                        "ChannelEvent",
                        "ChannelsException",
                        "ChannelsListener",
                        "ChannelsPlugin",
                        "ChannelsStatistics",
                        "ClientAuthenticator",
                        "ClientAuthorizer",
                        "ClientCall",
                        "ClientCalls",
                        "ClientConnections",
                        "ClientCredentials",
                        "ClientIntent",
                        "ClientPermit",
                        "ClientRefusedException",
                        "ClientsEverywhere",
                        "ConnectedClient",
                        "Delivery",
                        "ErrorCode",
                        "EventPublisher",
                        "EventReader",
                        "EventSender",
                        "Gap",
                        "Joined",
                        "Note",
                        "OfferResult",
                        "Position",
                        "PresenceChange",
                        "PresenceStatistics",
                        "PresentClient",
                        "Refusals",
                        "Refused",
                        "SendMode",
                        "Start",
                        "Subscriber",
                        "Subscription",
                        "UserChannels");
    }

    /** A floor of the engine shows the others more than the house outside may use. */
    @Test
    void outsideOfInternalOnlyCdiUsesWhatItPutsTogether() {
        Set<String> used =
                MAIN.stream()
                        .filter(user -> !isInternal(user))
                        .flatMap(user -> user.getDirectDependenciesFromSelf().stream())
                        .map(use -> use.getTargetClass().getBaseComponentType())
                        .filter(ArchitectureTest::isInternal)
                        .map(JavaClass::getSimpleName)
                        .collect(Collectors.toSet());
        assertThat(used)
                .containsExactlyInAnyOrder(
                        "BinaryTextJsonEncoder",
                        "ChannelsNode",
                        "Durations",
                        "NoTransactions",
                        "NodeSettings",
                        "PresenceSettings",
                        "SerialExecutor",
                        "StandInExecutor",
                        "Standing",
                        "SureExecutor",
                        "Tracing",
                        "Publish",
                        "Step",
                        "Transactions",
                        "Waiting",
                        "WaitingEvents",
                        "Writer");
    }

    private static boolean isInternal(JavaClass type) {
        return type.getPackageName().equals(INTERNAL)
                || type.getPackageName().startsWith(INTERNAL + ".");
    }

    @Test
    void configShowsWhatCdiReads() {
        assertThat(publicTypesIn(CONFIG))
                .containsExactlyInAnyOrder(
                        "ChannelsConfig",
                        "ClientConfig",
                        "ConfigReader",
                        "ConsoleConfig",
                        "ConnectorConfig",
                        "ConnectorReader",
                        "Keys",
                        "PolicyConfig",
                        "Problems",
                        "SecurityConfig",
                        "SseConfig",
                        "Values");
    }

    @Test
    void cdiShowsWhatTheContainerMakes() {
        assertThat(publicTypesIn(CDI))
                .containsExactlyInAnyOrder("ChannelsExtension", "ChannelsInitializer");
    }

    @Test
    void websocketShowsWhatCdiRegisters() {
        assertThat(publicTypesIn(WEBSOCKET))
                .containsExactlyInAnyOrder(
                        "ChannelEndpoint", "ChannelEndpoints", "EndpointPaths", "EndpointSettings");
    }

    @Test
    void serverShowsWhatTheDoorsUse() {
        assertThat(publicTypesIn(SERVER))
                .containsExactlyInAnyOrder(
                        "KnownServers", "ResponseRemote", "Server", "SessionRemote");
    }

    /** As with the backends: the lower the floor, the more of it is seen. */
    @Test
    void endpointShowsWhatTheDoorsShareAndItsFloorsWhatTheNextOneUses() {
        assertThat(publicTypesIn(ENDPOINT))
                .containsExactlyInAnyOrder(
                        "Doors",
                        "HandshakeFilter",
                        "HttpSessionWatch",
                        "OperatorJudge",
                        "RequestJudge");
        assertThat(publicTypesIn(ENDPOINT + ".task"))
                .containsExactlyInAnyOrder("Lane", "RecurringLog", "RepeatedTask");
        assertThat(publicTypesIn(ENDPOINT + ".request"))
                .containsExactlyInAnyOrder(
                        "Addresses",
                        "Callers",
                        "Door",
                        "Handshake",
                        "Origins",
                        "Refusal",
                        "RefusalCounts",
                        "RequestPath",
                        "Target");
        assertThat(publicTypesIn(ENDPOINT + ".policy"))
                .containsExactlyInAnyOrder(
                        "Access",
                        "ClientChannels",
                        "ClientCode",
                        "ClientDecisions",
                        "DoorSettings",
                        "Policies",
                        "Policy");
        assertThat(publicTypesIn(ENDPOINT + ".connection"))
                .containsExactlyInAnyOrder(
                        "ClientListener",
                        "ClientListeners",
                        "Ending",
                        "NamedClient",
                        "OpenConnection",
                        "OpenConnections");
        assertThat(publicTypesIn(ENDPOINT + ".write"))
                .containsExactlyInAnyOrder("BatchQueue", "ResponseWriter", "SessionWriter");
    }

    @Test
    void clientShowsWhatCdiRegistersAndItsFloorsWhatTheNextOneUses() {
        assertThat(publicTypesIn(CLIENT))
                .containsExactlyInAnyOrder("ClientEndpoint", "ClientEndpoints");
        assertThat(publicTypesIn(ENCODING)).containsExactly("Codecs");
        assertThat(publicTypesIn(CLIENT + ".stream"))
                .containsExactlyInAnyOrder(
                        "ClientStream",
                        "EventForms",
                        "FrameBatch",
                        "Frames",
                        "Instruction",
                        "OutgoingStream");
        assertThat(publicTypesIn(CLIENT + ".rules"))
                .containsExactlyInAnyOrder(
                        "ApplicationCalls",
                        "ChannelQuestions",
                        "ClientRules",
                        "ErrorForClient",
                        "NodeRules");
        assertThat(publicTypesIn(CLIENT + ".session"))
                .containsExactlyInAnyOrder(
                        "ClientSession", "ClientSettings", "FaultLog", "Liveness");
        assertThat(publicTypesIn(CLIENT + ".connected"))
                .containsExactlyInAnyOrder("ClientHandle", "ClientsOfAllNodes", "OpenClients");
    }

    @Test
    void sseShowsWhatCdiRegisters() {
        assertThat(publicTypesIn("dev.channels.sse"))
                .containsExactlyInAnyOrder("SseDoor", "SseSettings");
    }

    @Test
    void consoleShowsWhatCdiPutsTogether() {
        assertThat(publicTypesIn("dev.channels.console"))
                .containsExactlyInAnyOrder(
                        "ConsoleClients", "ConsoleDoor", "ConsoleSource", "NodeReading");
    }

    @Test
    void protocolShowsMessagesAndCodec() {
        assertThat(publicTypesIn(CLIENT + ".protocol"))
                .containsExactlyInAnyOrder(
                        "ClientInfo",
                        "Codec",
                        "Command",
                        "Decoded",
                        "DisconnectCode",
                        "Encoded",
                        "EncodedPublication",
                        "Payload",
                        "ProtocolError",
                        "Publication",
                        "PushContent",
                        "Request",
                        "Result",
                        "ServerMessage",
                        "StreamPosition",
                        "UnsubscribeCode");
    }

    @Test
    void memoryBackendShowsItselfAndItsFactory() {
        assertThat(publicTypesIn("dev.channels.backend.memory"))
                .containsExactlyInAnyOrder(
                        "MemoryBackend", "MemoryBackendFactory", "MemoryRetention");
    }

    /** The lower the floor, the more of it is seen: all the others stand on it. */
    @Test
    void postgresqlBackendShowsItsFactoryAndItsFloorsWhatTheNextOneUses() {
        String postgresql = "dev.channels.backend.postgresql";
        assertThat(publicTypesIn(postgresql)).containsExactly("PostgresqlBackendFactory");
        assertThat(publicTypesIn(postgresql + ".publish")).containsExactly("Publisher");
        assertThat(publicTypesIn(postgresql + ".outbox"))
                .containsExactlyInAnyOrder("OutboxWriter", "Relay");
        assertThat(publicTypesIn(postgresql + ".read"))
                .containsExactlyInAnyOrder("Listener", "Reader");
        assertThat(publicTypesIn(postgresql + ".history"))
                .containsExactlyInAnyOrder(
                        "ChannelRetention",
                        "CleanupWorker",
                        "HistoryRequests",
                        "HistoryWorker",
                        "Retentions");
        assertThat(publicTypesIn(postgresql + ".tables"))
                .containsExactlyInAnyOrder(
                        "ChannelRows",
                        "EventRow",
                        "Notifier",
                        "TableEpoch",
                        "TableNames",
                        "TableSchema",
                        "Tables");
        assertThat(publicTypesIn(postgresql + ".worker"))
                .containsExactlyInAnyOrder(
                        "Health", "Inbox", "Outages", "RequestWorker", "Requests", "Worker");
        assertThat(publicTypesIn(postgresql + ".connection"))
                .containsExactlyInAnyOrder(
                        "Connections",
                        "DaemonThread",
                        "DataSourceConnections",
                        "DriverConnections",
                        "Failures",
                        "JdbcUrl",
                        "PgjdbcDriver",
                        "SupervisedConnection");
    }
}
