package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.it.redeploy.BurstServlet;
import dev.channels.it.redeploy.IdleEndpoint;
import dev.channels.it.redeploy.ProbeServlet;
import dev.channels.it.redeploy.Publisher;
import dev.channels.testkit.Client;
import dev.channels.testkit.Http;
import dev.channels.testkit.JsonClient;
import dev.channels.testkit.RawClient;
import dev.channels.testkit.SseClient;
import dev.channels.testkit.StuckClient;
import dev.channels.testkit.TestedServer;
import dev.channels.testkit.Visit;
import dev.channels.testkit.Wars;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.OperateOnDeployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Applications that end while their clients are connected and their publishers at work. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class RedeployIT {

    /** As many as WildFly has for requests on two processors; see {@link ProbeServlet}. */
    private static final int THREADS = 32;

    private static final int CYCLES = 8;

    /**
     * So many may be kept, however many there were. None was, when it was measured, on each of the
     * three servers; one may be for longer, by a thread of the server that holds what it did last.
     * GlassFish and Payara 7 were not measured.
     */
    private static final int KEPT = TestedServer.isGlassFish() || TestedServer.isPayara7() ? 5 : 1;

    private static final int CLIENTS = 10;

    /** Of the client endpoint. */
    private static final int FOLLOWERS = 3;

    /** Of the node, which hears what other nodes ask of its clients. */
    private static final int OTHER_SUBSCRIBERS = 1;

    private static final Duration DRAIN_TIME = Duration.ofSeconds(2);

    @ArquillianResource private Deployer deployer;

    @Deployment(name = "probe", testable = false)
    static WebArchive probe() {
        return ShrinkWrap.create(WebArchive.class, "probe.war")
                .addPackage(ProbeServlet.class.getPackage())
                .deleteClasses(Publisher.class, BurstServlet.class);
    }

    @Deployment(name = "mortal", managed = false, testable = false)
    static WebArchive mortal() {
        return Wars.war(
                        "mortal",
                        "channels.names=ticks,burst",
                        "channels.create-ws-route-handlers=true",
                        "channels.client-endpoint=true",
                        "channels.sse-endpoint=true",
                        "channels.memory.history=100",
                        "channels.shutdown-timeout=2s")
                .addPackage(ProbeServlet.class.getPackage())
                .deleteClass(IdleEndpoint.class);
    }

    @Deployment(name = "leaving", managed = false, testable = false)
    static WebArchive leaving() {
        return Wars.war(
                "leaving",
                "channels.names=ticks",
                "channels.create-ws-route-handlers=true",
                "channels.sse-endpoint=true",
                "channels.memory.history=100",
                "channels.drain-time=" + DRAIN_TIME);
    }

    @Test
    void nothingIsLeftOfAnApplicationThatWasUndeployed(
            @ArquillianResource @OperateOnDeployment("probe") URI probe) throws Exception {
        URI application = probe.resolve("/mortal/");
        useTheServer(probe);
        int loaders = Integer.parseInt(Http.get(probe, "probe").body().split("\\W")[2]);
        for (int cycle = 1; cycle <= CYCLES; cycle++) {
            deployer.deploy("mortal");
            List<Client> clients = connect(application, "ticks", CLIENTS);
            clients.forEach(client -> await().until(() -> client.count() > 0));
            SseClient reader =
                    SseClient.connect(application, "connection/sse?channel=ticks").awaits(1);
            List<JsonClient> followers = followers(application);
            deployer.undeploy("mortal");
            for (JsonClient follower : followers) {
                assertThat(follower.awaitClose()).as("Code in cycle " + cycle).isEqualTo(3001);
            }
            for (Client client : clients) {
                assertThat(client.awaitClose()).as("Close code in cycle " + cycle).isEqualTo(1001);
            }
            await().until(reader::isEnded);
            assertThat(reader.retries()).as("When to come back, in cycle " + cycle).hasSize(2);
        }
        await().pollInterval(Duration.ofSeconds(2))
                .atMost(Duration.ofMinutes(3))
                .ignoreExceptionsMatching(RedeployIT::isLostRequest)
                .untilAsserted(
                        () -> {
                            useTheServer(probe);
                            String[] left = Http.get(probe, "probe").body().split("\\W");
                            assertThat(Integer.parseInt(left[2])).isEqualTo(loaders + CYCLES);
                            assertThat(Integer.parseInt(left[0])).isLessThanOrEqualTo(KEPT);
                            System.out.printf(
                                    "Of %d applications that were redeployed %s are kept (%s)%n",
                                    CYCLES, left[0], System.getProperty("arquillian.launch"));
                        });
    }

    /** Connects clients of the client endpoint, and waits until events come to each. */
    private static List<JsonClient> followers(URI application) {
        List<JsonClient> clients = new ArrayList<>();
        for (int i = 0; i < FOLLOWERS; i++) {
            clients.add(
                    JsonClient.open(application).says(Visit.connect(""), Visit.subscribe("ticks")));
        }
        clients.forEach(client -> client.awaits("\"pub\""));
        return clients;
    }

    /**
     * Has the server open and close sessions of another application, more at once than it keeps
     * objects for. What is known to hold an application without this: Payara's threads keep request
     * objects for the next connection, each with the session that used it last (Grizzly's {@code
     * ThreadCache}: up to 16 on each of the five threads that take requests; the threads of its
     * managed executor close sessions too, and end when they were idle for a minute), and the first
     * connection it closes leaves its stack trace in a constant; Open Liberty's managed scheduler
     * keeps tasks that have ended until others are scheduled; a thread of WildFly that waits for
     * work holds what it did last, and the same few are given the next work, so that all of them
     * are put to work at once.
     */
    private static void useTheServer(URI probe) throws Exception {
        useAllThreads(probe);
        List<Client> clients = connect(probe, "idle", 200);
        clients.forEach(client -> client.sendText("close"));
        for (Client client : clients) {
            client.awaitClose();
        }
    }

    /**
     * Payara loses a request now and then, when it has given its object to two of them: sessions
     * that end from both sides at once do that.
     */
    private static boolean isLostRequest(Throwable failure) {
        return failure instanceof IOException || failure.getCause() instanceof IOException;
    }

    private static void useAllThreads(URI probe) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (Future<?> request :
                    threads.invokeAll(
                            Collections.nCopies(THREADS, () -> Http.post(probe, "probe", "")))) {
                request.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void whatWasPublishedBeforeTheUndeployIsDelivered(
            @ArquillianResource @OperateOnDeployment("probe") URI probe) throws Exception {
        URI application = probe.resolve("/mortal/");
        deployer.deploy("mortal");
        List<Client> clients;
        try {
            clients = connect(application, "burst", CLIENTS);
            awaitSubscribers(application, CLIENTS);
            Http.post(application, "burst?count=100&size=1000", "");
        } finally {
            deployer.undeploy("mortal");
        }
        String filling = "x".repeat(1000);
        List<String> all = IntStream.rangeClosed(1, 100).mapToObj(i -> i + filling).toList();
        for (Client client : clients) {
            assertThat(client.awaitClose()).isEqualTo(1001);
            assertThat(client.texts()).isEqualTo(all);
        }
    }

    @Test
    void clientThatDoesNotReadHoldsTheUndeployUpForAMomentOnly(
            @ArquillianResource @OperateOnDeployment("probe") URI probe) throws Exception {
        URI application = probe.resolve("/mortal/");
        deployer.deploy("mortal");
        Client reader = Client.connect(application, "burst");
        try (StuckClient stuck = StuckClient.connect(application, "burst")) {
            awaitSubscribers(application, 2);
            Http.post(application, "burst?count=200&size=200000", "");
            await().until(() -> reader.count() > 0 && stuck.isStuck());
            long begin = System.nanoTime();
            deployer.undeploy("mortal");
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isLessThan(Duration.ofSeconds(20));
            assertThat(reader.awaitClose()).isEqualTo(1001);
            assertThat(stuck.readToEnd().texts()).hasSizeLessThan(200);
        }
    }

    /**
     * What one sees of an application in the middle of its drain.
     *
     * @param gone how many clients have been sent away
     * @param phase what JMX says
     * @param handshake the status of one, which is the server's: it has taken the paths away
     * @param ready what the server answers who asks for its health
     */
    private record Leaving(long gone, String phase, int handshake, String ready) {}

    @Test
    void clientsAreSentAwayOneAfterAnotherAndNobodyIsLetIn(
            @ArquillianResource @OperateOnDeployment("probe") URI probe) throws Exception {
        URI application = probe.resolve("/leaving/");
        deployer.deploy("leaving");
        List<Client> clients = connect(application, "ticks", CLIENTS);
        SseClient reader = SseClient.connect(application, "connection/sse?channel=ticks");
        CompletableFuture<Leaving> leaving =
                CompletableFuture.supplyAsync(() -> awaitLeaving(probe, clients));
        assertThat(Http.get(probe, "phase?of=/leaving").body()).isEqualTo("open");
        long begin = System.nanoTime();
        deployer.undeploy("leaving");
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        Leaving seen = leaving.get(30, TimeUnit.SECONDS);
        assertThat(seen.gone()).isBetween(1L, CLIENTS - 1L);
        assertThat(seen.phase()).isEqualTo("draining");
        if (TestedServer.isGlassFish()) {
            assertThat(seen.handshake()).isIn(404, 503);
        } else {
            assertThat(seen.handshake()).isEqualTo(isOn("payara") ? 503 : 404);
        }
        // The check has gone with the application.
        assertThat(seen.ready()).doesNotContain("\"channels\"");
        // The last of them leaves a step before the end.
        assertThat(took)
                .isGreaterThan(DRAIN_TIME.multipliedBy(CLIENTS).dividedBy(CLIENTS + 1))
                .isLessThan(DRAIN_TIME.plusSeconds(20));
        for (Client client : clients) {
            assertThat(client.awaitClose()).isEqualTo(1001);
        }
        await().until(reader::isEnded);
        assertThat(Http.get(probe, "phase?of=/leaving").body()).isEqualTo("gone");
    }

    private static boolean isOn(String server) {
        return System.getProperty("arquillian.launch").equals(server);
    }

    /** Waits for the first client to be sent away; the others have the drain time from then on. */
    private static Leaving awaitLeaving(URI probe, List<Client> clients) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> clients.stream().anyMatch(Client::isClosed));
        try (RawClient late = RawClient.connect(probe)) {
            String phase = Http.get(probe, "phase?of=/leaving").body();
            int handshake = late.send(RawClient.handshake(probe, "/leaving/ticks")).status();
            String ready = Http.get(probe.resolve("/"), "health/ready").body();
            long gone = clients.stream().filter(Client::isClosed).count();
            return new Leaving(gone, phase, handshake, ready);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** A handshake ends before the endpoint has subscribed. */
    private static void awaitSubscribers(URI application, int count) {
        String all = String.valueOf(count + OTHER_SUBSCRIBERS);
        await().until(() -> Http.get(application, "burst").body().equals(all));
    }

    private static List<Client> connect(URI application, String path, int count) {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(Client.connect(application, path));
        }
        return clients;
    }
}
