package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.it.custom.CustomServlet;
import dev.channels.it.executor.ThreadServlet;
import dev.channels.it.refusing.RefusingBackend;
import dev.channels.testkit.Client;
import dev.channels.testkit.Http;
import dev.channels.testkit.Wars;
import java.net.URI;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.OperateOnDeployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Classes and resources of the application that the configuration names. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class CustomClassesIT {

    private static final String NAMES = "channels.names=news";
    private static final String HANDLERS = "channels.create-ws-route-handlers=true";

    /** Payara binds what an application defines too late; there the server defines it. */
    private static final String OWN_EXECUTOR =
            System.getProperty("arquillian.launch").equals("payara")
                    ? "concurrent/own"
                    : "java:app/concurrent/own";

    @Deployment(name = "custom", testable = false)
    static WebArchive custom() {
        return Wars.war(
                        "custom",
                        NAMES,
                        HANDLERS,
                        "channels.subscriber-class=dev.channels.it.custom.StubbornSubscriber",
                        "channels.type-encoders=dev.channels.it.custom.TemperatureAdapter")
                .addPackage(CustomServlet.class.getPackage());
    }

    @Deployment(name = "refusing", testable = false)
    static WebArchive refusing() {
        return Wars.war("refusing", NAMES, HANDLERS, "channels.backend=refusing")
                .addClass(RefusingBackend.class);
    }

    @Deployment(name = "executor", testable = false)
    static WebArchive executor() {
        return Wars.war("executor", NAMES, "channels.managed-executor=" + OWN_EXECUTOR)
                .addPackage(ThreadServlet.class.getPackage());
    }

    @Test
    void subscriberClassAndTypeEncodersAreTheApplications(
            @ArquillianResource @OperateOnDeployment("custom") URI application) throws Exception {
        try (Client client = Client.connect(application, "news")) {
            awaitState(application, "1 subscribers, 0 offered");
            Http.post(application, "custom", "");
            client.awaitTexts("{\"station\":\"station 7\",\"temperature\":\"21.5 °C\"}");
        }
        awaitState(application, "0 subscribers, 1 offered");
    }

    private static void awaitState(URI application, String state) {
        await().untilAsserted(
                        () -> assertThat(Http.get(application, "custom").body()).isEqualTo(state));
    }

    @Test
    void clientOfABackendThatRefusesTheSubscriptionIsToldOfAFailure(
            @ArquillianResource @OperateOnDeployment("refusing") URI application) throws Exception {
        assertThat(Client.connect(application, "news").awaitClose()).isEqualTo(1011);
    }

    /** It gives its threads its name, or, on Open Liberty, takes the names away from its tasks. */
    @Test
    void tasksRunOnTheExecutorThatIsNamed(
            @ArquillianResource @OperateOnDeployment("executor") URI application) throws Exception {
        assertThat(Http.get(application, "thread").body())
                .matches(".*concurrent/own.*|.* without names");
    }
}
