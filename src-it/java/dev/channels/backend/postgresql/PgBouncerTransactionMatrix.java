package dev.channels.backend.postgresql;

import java.util.Map;
import org.junit.jupiter.api.BeforeAll;

/** Each transaction has a session of its own: what listens does so at the server itself. */
final class PgBouncerTransactionMatrix extends PgBouncerContract {

    @BeforeAll
    static void startPgBouncer() throws Exception {
        start("transaction");
    }

    @Override
    Map<String, String> settings(String prefix) {
        return broker.settings(
                "url",
                bouncerUrl() + "?prepareThreshold=0",
                "listen-url",
                url(),
                "table-prefix",
                prefix);
    }
}
