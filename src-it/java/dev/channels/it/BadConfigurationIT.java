package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.channels.it.app.PublishingBean;
import dev.channels.it.bad.HiddenSubscriber;
import dev.channels.it.bad.NoSubscriber;
import dev.channels.it.bad.OwnBeanEndpoint;
import dev.channels.it.bad.OwnEndpoint;
import dev.channels.testkit.Client;
import dev.channels.testkit.ServerLog;
import dev.channels.testkit.TestedServer;
import dev.channels.testkit.Wars;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.OperateOnDeployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A wrong configuration fails the deployment, and what the server then shows says how to mend it.
 */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BadConfigurationIT {

    private static final String INITIALIZER =
            "Error invoking ServletContainerInitializer dev.channels.cdi.ChannelsInitializer";
    private static final String HANDLERS = "channels.create-ws-route-handlers=true";

    @ArquillianResource private Deployer deployer;

    private static WebArchive war(String name, String... properties) {
        return Wars.war(name, properties).addClass(PublishingBean.class);
    }

    @Deployment(name = "neighbour", testable = false)
    static WebArchive neighbour() {
        return war("neighbour", "channels.names=a", HANDLERS);
    }

    @Deployment(name = "nothing", managed = false, testable = false)
    static WebArchive nothing() {
        return war("nothing");
    }

    @Deployment(name = "everything", managed = false, testable = false)
    static WebArchive everything() {
        return war(
                        "everything",
                        "channels.names=a,b,a,control\\u0001,what?,.",
                        "channels.creat-ws-route-handlers=true",
                        HANDLERS,
                        "channels.backend=memroy",
                        "channels.ws-send-mode=texts",
                        "channels.subscriber-backlog-strategy=droplft",
                        "channels.ws-handler-send-history=many",
                        "channels.subscriber-max-backlog=-1",
                        "channels.ws-send-timeout=soon",
                        "channels.ws-handler-base-path=no-slash",
                        "channels.subscriber-class=com.example.Missing",
                        "channels.type-encoders=dev.channels.it.bad.NoSubscriber",
                        "channels.managed-executor=java:comp/env/missing")
                .addClass(NoSubscriber.class);
    }

    @Deployment(name = "backend", managed = false, testable = false)
    static WebArchive backend() {
        return war(
                "backend",
                "channels.names=a",
                "channels.backend=carrier-pigeon",
                "channels.type-encoders=,");
    }

    @Deployment(name = "no-subscriber", managed = false, testable = false)
    static WebArchive noSubscriber() {
        return war(
                        "no-subscriber",
                        "channels.names=a",
                        "channels.subscriber-class=dev.channels.it.bad.NoSubscriber")
                .addClass(NoSubscriber.class);
    }

    @Deployment(name = "hidden-subscriber", managed = false, testable = false)
    static WebArchive hiddenSubscriber() {
        return war(
                        "hidden-subscriber",
                        "channels.names=a",
                        "channels.subscriber-class=dev.channels.it.bad.HiddenSubscriber",
                        "channels.type-encoders=com.example.Missing")
                .addClass(HiddenSubscriber.class);
    }

    @Deployment(name = "own-endpoint", managed = false, testable = false)
    static WebArchive ownEndpoint() {
        return war(
                        "own-endpoint",
                        "channels.names=a,b",
                        "channels.ws-handler-base-path=/ws",
                        HANDLERS)
                .addClass(OwnEndpoint.class);
    }

    @Deployment(name = "own-bean-endpoint", managed = false, testable = false)
    static WebArchive ownBeanEndpoint() {
        return war(
                        "own-bean-endpoint",
                        "channels.arbitrary-channels-allowed=true",
                        "channels.ws-handler-base-path=/ws",
                        HANDLERS)
                .addClass(OwnBeanEndpoint.class);
    }

    @Deployment(name = "discovery-none", managed = false, testable = false)
    static WebArchive discoveryNone() {
        return Wars.war("discovery-none", "channels.names=a", HANDLERS)
                .addAsWebInfResource(
                        new StringAsset(
                                "<beans xmlns='https://jakarta.ee/xml/ns/jakartaee'"
                                        + " version='4.0' bean-discovery-mode='none'/>"),
                        "beans.xml");
    }

    @Deployment(name = "good", managed = false, testable = false)
    static WebArchive good() {
        return war("good", "channels.names=a", HANDLERS);
    }

    @Test
    void neitherNamesNorArbitraryChannels() {
        assertFails(
                "nothing",
                "CHANNELS0001: The configuration of Channels EE is invalid:",
                "channels.names = '': no channel can exist. Name the channels"
                        + " (channels.names=ticks,chat), or set"
                        + " channels.arbitrary-channels-allowed=true. In an EAR, put the"
                        + " properties into a JAR of its lib: not every server sees those of a WAR"
                        + " at boot.");
    }

    /** Payara starts no CDI then; the others start it for the extension all the same. */
    @Test
    void withoutCdiThereIsNoDeploymentWithoutChannels() {
        Throwable failure = catchThrowable(() -> deployer.deploy("discovery-none"));
        catchThrowable(() -> deployer.undeploy("discovery-none"));
        if (System.getProperty("arquillian.launch").equals("payara")) {
            assertThat(failure).isNotNull();
        } else {
            assertThat(failure).isNull();
        }
    }

    @Test
    void everyProblemIsListedAtOnce() {
        assertFails(
                "everything",
                "CHANNELS0001: The configuration of Channels EE is invalid:",
                "channels.creat-ws-route-handlers = 'true'",
                "there is no such key. Did you mean channels.create-ws-route-handlers?",
                "'a' is named twice. Name each channel once.",
                "' cannot be the name of a channel. A name has 1 to 200 characters, no control characters, no '/'",
                "'what?' cannot be a segment of a path on every server",
                "'.' cannot be a segment of a path on every server",
                "channels.backend = 'memroy'",
                "there is no such backend. Did you mean 'memory'?",
                "channels.ws-send-mode = 'texts'",
                "not one of the choices. Did you mean 'text'? Use one of text, binary.",
                "channels.subscriber-backlog-strategy = 'droplft'",
                "Did you mean 'dropleft'? Use one of backoff, dropleft, disconnect.",
                "channels.ws-handler-send-history = 'many'",
                "channels.subscriber-max-backlog = '-1'",
                "not a whole number in the range. Write a whole number from 1 to",
                "channels.ws-send-timeout = 'soon'",
                "Write a number and a unit (500ms, 10s, 5m, 2h, 7d) or ISO 8601 (PT10S).",
                "channels.ws-handler-base-path = 'no-slash'",
                "not a path that an endpoint can be under. Begin it with '/'",
                "channels.subscriber-class = 'com.example.Missing' (from ",
                "): the class cannot be loaded",
                "channels.type-encoders = 'dev.channels.it.bad.NoSubscriber' (from ",
                "): the class is no JsonbAdapter, JsonbSerializer or" + " JsonbDeserializer.",
                "channels.managed-executor = 'java:comp/env/missing' (from ",
                "): there is no such executor");
    }

    @Test
    void unknownBackend() {
        assertFails(
                "backend",
                "channels.backend = 'carrier-pigeon' (from ",
                "channels.type-encoders = ',' (from ",
                "there is nothing between its commas.",
                "there is no such backend. Use one of memory",
                "A CDI bean that implements dev.channels.spi.ChannelsBackend is chosen");
    }

    @Test
    void subscriberClassThatIsNone() {
        assertFails(
                "no-subscriber",
                "channels.subscriber-class = 'dev.channels.it.bad.NoSubscriber' (from ",
                "): the class is" + " unsuitable: it does not extend dev.channels.Subscriber.");
    }

    @Test
    void subscriberClassThatCannotBeMadeAndEncoderThatIsMissing() {
        assertFails(
                "hidden-subscriber",
                "channels.subscriber-class = 'dev.channels.it.bad.HiddenSubscriber' (from ",
                "): the class is"
                        + " unsuitable: it has no public constructor that takes a"
                        + " dev.channels.Backlog.",
                "channels.type-encoders = 'com.example.Missing' (from ",
                "): the class cannot be loaded");
    }

    @Test
    void endpointOfTheApplicationOnThePathOfAChannel() {
        assertFails(
                "own-endpoint",
                "channels.ws-handler-base-path = '/ws/' (from ",
                "): two endpoints would be on the path /ws/a,"
                        + " that of a channel and that of dev.channels.it.bad.OwnEndpoint. Move one"
                        + " of them.");
    }

    @Test
    void endpointOfTheApplicationThatIsABeanOnThePathOfTheTemplate() {
        assertFails(
                "own-bean-endpoint",
                "channels.ws-handler-base-path = '/ws/' (from ",
                "): two endpoints would be on the path"
                        + " /ws/{room}, that of a channel and that of"
                        + " dev.channels.it.bad.OwnBeanEndpoint. Move one of them.");
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void goodApplicationsWorkAfterwards(
            @ArquillianResource @OperateOnDeployment("neighbour") URI neighbour) {
        deployer.deploy("good");
        try (Client old = Client.connect(neighbour, "a");
                Client fresh = Client.connect(neighbour.resolve("/good/"), "a")) {
            assertThat(old.isClosed()).isFalse();
            assertThat(fresh.isClosed()).isFalse();
        } finally {
            deployer.undeploy("good");
        }
    }

    private void assertFails(String deployment, String... lines) {
        Throwable failure = catchThrowable(() -> deployer.deploy(deployment));
        try {
            assertThat(failure).as("The failure to deploy " + deployment).isNotNull();
            assertThat(String.join("\n", shown(failure))).contains(lines);
        } finally {
            // The adapters take a failed deployment for one that is there.
            catchThrowable(() -> deployer.undeploy(deployment));
        }
    }

    /**
     * GlassFish names the initializer that has failed, and shows in its log alone what that has
     * said.
     */
    private static List<String> shown(Throwable failure) {
        List<String> messages = messages(failure);
        boolean inTheLog =
                TestedServer.isGlassFish()
                        && messages.stream().anyMatch(text -> text.contains(INITIALIZER));
        return inTheLog ? ServerLog.lines() : messages;
    }

    private static List<String> messages(Throwable failure) {
        List<String> messages = new ArrayList<>();
        for (Throwable t = failure; t != null; t = t.getCause()) {
            messages.add(String.valueOf(t.getMessage()));
        }
        return messages;
    }
}
