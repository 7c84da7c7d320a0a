package dev.channels.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.channels.demo.Directories;
import dev.channels.demo.FreePorts;
import dev.channels.demo.ServerProcess;
import dev.channels.it.app.PublishingBean;
import dev.channels.it.app.PublishingResource;
import dev.channels.it.app.PublishingServlet;
import dev.channels.it.app.PublishingStateless;
import dev.channels.it.app.RestApplication;
import dev.channels.matrix.app.BeanServlet;
import dev.channels.matrix.app.CallbackThreadServlet;
import dev.channels.matrix.app.ProbeServlet;
import dev.channels.testkit.Client;
import dev.channels.testkit.Http;
import dev.channels.testkit.JsonClient;
import dev.channels.testkit.SseClient;
import dev.channels.testkit.Wars;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a server must be able to do. All applications are there when it starts, so that nothing
 * waits for one that looks into its folder now and then; the undeploy alone comes later.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class ServerSmoke {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration END_TIMEOUT = Duration.ofSeconds(30);
    private static final String BEANS =
            "<beans xmlns='https://jakarta.ee/xml/ns/jakartaee' version='4.0'"
                    + " bean-discovery-mode='annotated'/>";

    @RegisterExtension private final SmokeTable.Row row;

    private final SmokeServer server;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private Path smoke;
    private Path log;
    private URI application;
    private URI probe;
    private ServerProcess process;

    ServerSmoke(SmokeServer server) {
        this.server = server;
        this.row = new SmokeTable.Row(server);
    }

    @BeforeAll
    void start() throws Exception {
        Path directory = Path.of(System.getProperty("servers.directory")).resolveSibling("matrix");
        String id = server.name().toLowerCase(Locale.ROOT).replaceAll("[ ,]+", "-");
        Path base = Directories.recreate(directory.resolve(id).toAbsolutePath());
        int port = FreePorts.any();
        application = URI.create("http://localhost:" + port + "/smoke/");
        probe = application.resolve("/probe/");
        Path applications = Files.createDirectories(server.prepare(base, port));
        smoke = copy(smoke(), applications);
        copy(probe(), applications);
        copy(bad(), applications);
        log = directory.resolve(id + ".log");
        PrintStream out = new PrintStream(log.toFile());
        opened.add(out);
        process = new ServerProcess(server.command(base, port), out);
        opened.add(process);
        await().atMost(START_TIMEOUT)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> answers(application, "servlet") && answers(probe, "threads"));
    }

    /** Tells whether an application answers, as long as the server runs. */
    private boolean answers(URI of, String path) throws Exception {
        if (process.waitFor(Duration.ZERO)) {
            throw new IllegalStateException(server.name() + " ended: " + log);
        }
        return Http.get(of, path).statusCode() == 200;
    }

    @AfterAll
    void stop() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private static Path copy(WebArchive war, Path applications) {
        Path file = applications.resolve(war.getName());
        war.as(ZipExporter.class).exportTo(file.toFile(), true);
        return file;
    }

    private WebArchive smoke() {
        List<String> properties =
                new ArrayList<>(
                        List.of(
                                "channels.names=declared,history,client,sse,bean,stateless,resource,end",
                                "channels.arbitrary-channels-allowed=true",
                                "channels.create-ws-route-handlers=true",
                                "channels.ws-handler-base-path=/ws",
                                "channels.ws-handler-send-history=2",
                                "channels.client-endpoint=true",
                                "channels.sse-endpoint=true",
                                "channels.memory.history=10"));
        server.virtualExecutor()
                .ifPresent(name -> properties.add("channels.managed-executor=" + name));
        WebArchive war =
                Wars.war("smoke", properties.toArray(String[]::new))
                        .addClasses(
                                PublishingBean.class,
                                PublishingServlet.class,
                                BeanServlet.class,
                                CallbackThreadServlet.class)
                        .addAsLibraries(server.libraries())
                        .addAsWebInfResource(new StringAsset(BEANS), "beans.xml");
        return server.isFull()
                ? war.addClasses(
                        PublishingResource.class, PublishingStateless.class, RestApplication.class)
                : war;
    }

    private static WebArchive probe() {
        return ShrinkWrap.create(WebArchive.class, "probe.war").addClass(ProbeServlet.class);
    }

    private WebArchive bad() {
        return Wars.war("bad", "channels.names=a", "channels.backend=carrier-pigeon")
                .addClasses(PublishingBean.class)
                .addAsLibraries(server.libraries())
                .addAsWebInfResource(new StringAsset(BEANS), "beans.xml");
    }

    private void publish(String channel, String text) throws Exception {
        assertThat(Http.post(application, "servlet", channel + "\n" + text).statusCode())
                .isEqualTo(200);
    }

    @Test
    @Order(1)
    @DisplayName("declared channel")
    void clientOfADeclaredChannelGetsItsEvents() throws Exception {
        try (Client client = Client.connect(application, "ws/declared")) {
            publish("declared", "to declared");
            client.awaitTexts("to declared");
        }
    }

    @Test
    @Order(2)
    @DisplayName("arbitrary channel")
    void clientOfAnArbitraryChannelGetsItsEvents() throws Exception {
        try (Client client = Client.connect(application, "ws/made%20up")) {
            publish("made up", "to made up");
            client.awaitTexts("to made up");
        }
    }

    @Test
    @Order(3)
    @DisplayName("history")
    void clientGetsHistoryAndThenLiveEvents() throws Exception {
        for (int i = 1; i <= 3; i++) {
            publish("history", "past " + i);
        }
        try (Client client = Client.connect(application, "ws/history")) {
            client.awaitTexts("past 2", "past 3");
            publish("history", "now");
            client.awaitTexts("past 2", "past 3", "now");
        }
    }

    @Test
    @Order(4)
    @DisplayName("client endpoint")
    void clientEndpointServesAChannel() throws Exception {
        try (JsonClient client = JsonClient.connect(application)) {
            client.says("{\"id\":2,\"subscribe\":{\"channel\":\"client\"}}")
                    .awaits("{\"id\":2,\"subscribe\"");
            publish("client", "\"to client\"");
            client.awaits("\"to client\"");
        }
    }

    @Test
    @Order(5)
    @DisplayName("SSE")
    void readerOfServerSentEventsGetsThem() throws Exception {
        try (SseClient reader = SseClient.connect(application, "connection/sse?channel=sse")) {
            reader.awaitsId();
            publish("sse", "to sse");
            assertThat(reader.awaits(1).data()).containsExactly("to sse");
        }
    }

    @Test
    @Order(6)
    @DisplayName("CDI bean")
    void beanPublishes() throws Exception {
        try (Client client = Client.connect(application, "ws/bean")) {
            Http.post(application, "bean?channel=bean", "from bean");
            client.awaitTexts("from bean");
        }
    }

    @Test
    @Order(7)
    @DisplayName("EJB and resource")
    void enterpriseBeanAndResourcePublish() throws Exception {
        assumeTrue(server.isFull(), "This server has no EJB and no JAX-RS");
        for (String kind : List.of("stateless", "resource")) {
            try (Client client = Client.connect(application, "ws/" + kind)) {
                Http.post(application, "api/publish/" + kind + "/" + kind, "from " + kind);
                client.awaitTexts("from " + kind);
            }
        }
    }

    @Test
    @Order(8)
    @DisplayName("virtual threads")
    void callbackRunsOnAVirtualThread() throws Exception {
        assumeTrue(server.virtualExecutor().isPresent(), "The executor is the server's own");
        assertThat(Http.get(application, "callback-thread").body()).isEqualTo("true");
    }

    @Test
    @Order(9)
    @DisplayName("bad configuration")
    void badConfigurationIsExplained() throws Exception {
        await().untilAsserted(
                        () ->
                                assertThat(Files.readString(log))
                                        .contains("CHANNELS0001")
                                        .contains("channels.backend = 'carrier-pigeon'"));
        assertThat(Http.get(application.resolve("/bad/"), "").statusCode()).isNotEqualTo(200);
    }

    @Test
    @Order(10)
    @DisplayName("undeploy")
    void nothingIsLeftAfterAnUndeploy() throws Exception {
        Client client = Client.connect(application, "ws/end");
        SseClient reader = SseClient.connect(application, "connection/sse?channel=end").awaitsId();
        server.undeploy(smoke, probe);
        assertThat(client.awaitClose()).isEqualTo(1001);
        await().until(reader::isEnded);
        await().atMost(END_TIMEOUT)
                .until(() -> Http.get(application, "servlet").statusCode() == 404);
        await().untilAsserted(() -> assertThat(Http.get(probe, "threads").body()).isEqualTo("[]"));
    }
}
