package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.it.minimal.OnlyServlet;
import dev.channels.testkit.Client;
import dev.channels.testkit.Http;
import dev.channels.testkit.Wars;
import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.OperateOnDeployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Applications without a bean of their own, so that nothing but the library asks for CDI. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class MinimalApplicationsIT {

    // The history is for a client whose handshake is done before its endpoint has subscribed.
    private static final String[] PROPERTIES = {
        "channels.names=news",
        "channels.create-ws-route-handlers=true",
        "channels.memory.history=1",
        "channels.ws-handler-send-history=1"
    };

    @Deployment(name = "pages", testable = false)
    static WebArchive pages() {
        return Wars.war("pages", PROPERTIES)
                .addAsWebResource(new StringAsset("a page"), "page.html");
    }

    @Deployment(name = "servlet", testable = false)
    static WebArchive servlet() {
        return Wars.war("servlet", PROPERTIES).addClass(OnlyServlet.class);
    }

    @Test
    void endpointsAreThereWithoutAnyClass(
            @ArquillianResource @OperateOnDeployment("pages") URI application) throws Exception {
        assertThat(Http.get(application, "page.html").body()).isEqualTo("a page");
        try (Client client = Client.connect(application, "news")) {
            assertThat(client.isClosed()).isFalse();
        }
    }

    @Test
    void unknownChannelIsNotFoundWhereEveryChannelHasAPathOfItsOwn(
            @ArquillianResource @OperateOnDeployment("pages") URI application) {
        assertThatThrownBy(
                        () ->
                                Client.open(application, "unknown", new WebSocket.Listener() {})
                                        .join())
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        e -> assertThat(e.getResponse().statusCode()).isEqualTo(404));
    }

    @Test
    void pluginIsInjectedIntoAServletThatIsTheOnlyClass(
            @ArquillianResource @OperateOnDeployment("servlet") URI application) throws Exception {
        try (Client client = Client.connect(application, "news")) {
            assertThat(Http.get(application, "publish?hello").statusCode()).isEqualTo(200);
            client.awaitTexts("hello");
        }
    }
}
