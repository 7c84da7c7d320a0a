package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.it.minimal.OnlyServlet;
import dev.channels.testkit.Client;
import dev.channels.testkit.Http;
import dev.channels.testkit.Wars;
import java.net.URI;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Web applications in EARs, whose configuration is in a JAR of the EAR's {@code lib}: each WAR that
 * has the library has a plugin of its own.
 */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
@EnabledIfSystemProperty(named = "arquillian.launch", matches = "wildfly")
class EarIT {

    private static final URI SERVER =
            URI.create("http://localhost:" + System.getProperty("wildfly.http.port") + "/");

    private static EnterpriseArchive ear(String name, String... wars) {
        JavaArchive config =
                ShrinkWrap.create(JavaArchive.class, name + "-config.jar")
                        .addAsManifestResource(
                                new StringAsset(
                                        String.join(
                                                "\n",
                                                "channels.names=news",
                                                "channels.create-ws-route-handlers=true",
                                                "channels.memory.history=1",
                                                "channels.ws-handler-send-history=1")),
                                "microprofile-config.properties");
        EnterpriseArchive ear =
                ShrinkWrap.create(EnterpriseArchive.class, name + ".ear").addAsLibrary(config);
        for (String war : wars) {
            ear.addAsModule(Wars.war(war).addClass(OnlyServlet.class));
        }
        return ear;
    }

    @Deployment(name = "one", testable = false)
    static EnterpriseArchive one() {
        return ear("one", "ear-only");
    }

    @Deployment(name = "two", testable = false)
    static EnterpriseArchive two() {
        return ear("two", "ear-left", "ear-right");
    }

    @Test
    void onlyWarHasThePlugin() throws Exception {
        assertPublishes("ear-only");
    }

    @Test
    void eachWarHasAPluginOfItsOwn() throws Exception {
        assertPublishes("ear-left");
        assertPublishes("ear-right");
    }

    private static void assertPublishes(String war) throws Exception {
        URI application = SERVER.resolve(war + "/");
        try (Client client = Client.connect(application, "news")) {
            assertThat(Http.get(application, "publish?from-" + war).statusCode()).isEqualTo(200);
            client.awaitTexts("from-" + war);
        }
    }
}
