package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.channels.it.minimal.OnlyServlet;
import dev.channels.testkit.Client;
import dev.channels.testkit.Http;
import dev.channels.testkit.TestedServer;
import dev.channels.testkit.Wars;
import java.net.URI;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Web applications in EARs, whose configuration is in a JAR of the EAR's {@code lib}: each WAR that
 * has the library has a plugin of its own.
 */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class EarIT {

    @ArquillianResource private URI base;
    @ArquillianResource private Deployer deployer;

    @Deployment(testable = false)
    static WebArchive base() {
        return Wars.withoutLibrary("base");
    }

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

    @Deployment(name = "one", managed = false, testable = false)
    static EnterpriseArchive one() {
        return ear("one", "ear-only");
    }

    @Deployment(name = "two", managed = false, testable = false)
    static EnterpriseArchive two() {
        return ear("two", "ear-left", "ear-right");
    }

    @Test
    void onlyWarHasThePlugin() throws Exception {
        assumeTrue(
                TestedServer.isGlassFish()
                        || "wildfly".equals(System.getProperty("arquillian.launch")),
                "Two WARs show it, where they work");
        deployer.deploy("one");
        try {
            assertPublishes("ear-only");
        } finally {
            deployer.undeploy("one");
        }
    }

    @Test
    void eachWarHasAPluginOfItsOwn() throws Exception {
        if (TestedServer.isGlassFish()) {
            // It takes the JARs of two WARs for one, and says so (WELD-000163).
            assertThatThrownBy(() -> deployer.deploy("two"));
            return;
        }
        deployer.deploy("two");
        try {
            assertPublishes("ear-left");
            assertPublishes("ear-right");
        } finally {
            deployer.undeploy("two");
        }
    }

    private void assertPublishes(String war) throws Exception {
        URI application = base.resolve("/" + war + "/");
        try (Client client = Client.connect(application, "news")) {
            assertThat(Http.get(application, "publish?from-" + war).statusCode()).isEqualTo(200);
            client.awaitTexts("from-" + war);
        }
    }
}
