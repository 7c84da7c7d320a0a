package dev.channels.it;

import dev.channels.backend.postgresql.PostgresqlBroker;
import dev.channels.backend.redis.RedisBroker;
import dev.channels.testkit.Libraries;
import dev.channels.testkit.Wars;
import java.net.URI;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The storm where a broker keeps the history. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
@EnabledIfSystemProperty(
        named = "storm.brokers",
        matches = "true",
        disabledReason = "It is a part of the soak.")
class StormOnBrokersIT {

    private static final RedisBroker REDIS = new RedisBroker();
    private static final PostgresqlBroker POSTGRESQL = new PostgresqlBroker();

    @ArquillianResource private URI base;
    @ArquillianResource private Deployer deployer;

    @AfterAll
    static void stopBrokers() {
        REDIS.close();
        POSTGRESQL.close();
    }

    @Deployment(testable = false)
    static WebArchive base() {
        return Wars.withoutLibrary("no-storm");
    }

    @Deployment(name = "redis-streams", managed = false, testable = false)
    static WebArchive redis() {
        return Storm.war(
                        "redis-streams",
                        "channels.backend=redis-streams",
                        "channels.redis-streams.uri=redis://127.0.0.1:" + REDIS.port(),
                        "channels.redis-streams.history=1000")
                .addAsLibraries(Libraries.lettuce());
    }

    @Deployment(name = "postgresql", managed = false, testable = false)
    static WebArchive postgresql() {
        return Storm.war(
                        "postgresql",
                        "channels.backend=postgresql",
                        "channels.postgresql.url=" + POSTGRESQL.url(),
                        "channels.postgresql.user=postgres",
                        "channels.postgresql.history=1000")
                .addAsLibraries(Libraries.pgjdbc());
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-streams", "postgresql"})
    void allComeBackAtOnceAndHaveWhatTheyMissed(String backend) throws Exception {
        deployer.deploy(backend);
        try (Storm storm = new Storm(base.resolve("/" + backend + "/"))) {
            storm.run(System.getProperty("arquillian.launch") + " " + backend);
        } finally {
            deployer.undeploy(backend);
        }
    }
}
