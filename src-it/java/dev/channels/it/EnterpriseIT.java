package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.it.ee.TransactionServlet;
import dev.channels.testkit.Http;
import dev.channels.testkit.Wars;
import java.net.URI;
import java.time.Duration;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the server around the library has: transactions. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class EnterpriseIT {

    @ArquillianResource private URI application;

    @Deployment(testable = false)
    static WebArchive war() {
        return Wars.war(
                        "enterprise",
                        "channels.names=tx-*",
                        "channels.publish-in-transaction=after-commit",
                        "channels.memory.history=100")
                .addPackage(TransactionServlet.class.getPackage());
    }

    // ---- Transactions

    @ParameterizedTest
    @CsvSource({
        "none, 1 end",
        "servlet-commit, sent 1 2 end",
        "servlet-rollback, ROLLED_BACK end",
        "servlet-marked, ROLLED_BACK end",
        "servlet-timeout, ROLLED_BACK end",
        "bean-commit, at-once 1 2 end",
        "bean-rollback, at-once end",
        "nested-commit, inner-1 inner-2 outside outer-1 joined outer-2 end",
        "nested-rollback, inner-1 inner-2 outside end",
        "stateless-commit, 1 2 end",
        "stateless-rollback, end"
    })
    void eventsGoOutAfterTheCommitOrNotAtAll(String play, String expected) throws Exception {
        assertThat(Http.post(application, "transaction/" + play, "").body()).isEqualTo(expected);
    }

    @Test
    void timerPublishesWhenItsTransactionHasCommitted() throws Exception {
        Http.post(application, "transaction/timer", "");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () ->
                                assertThat(Http.get(application, "transaction/timer").body())
                                        .contains("1 2"));
    }

    @Test
    void resourcePublishesWhenItsTransactionHasCommitted() throws Exception {
        Http.post(application, "api/transaction/tx-rest-commit/commit", "");
        Http.post(application, "api/transaction/tx-rest-rollback/rollback", "");
        assertThat(Http.get(application, "transaction/rest-commit").body()).isEqualTo("1 2 end");
        assertThat(Http.get(application, "transaction/rest-rollback").body()).isEqualTo("end");
    }
}
