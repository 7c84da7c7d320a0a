package dev.channels.backend.postgresql;

import java.util.Map;
import org.junit.jupiter.api.BeforeAll;

/** A session of PgBouncer is one of the server, which can listen. */
final class PgBouncerSessionMatrix extends PgBouncerContract {

    @BeforeAll
    static void startPgBouncer() throws Exception {
        start("session");
    }

    @Override
    Map<String, String> settings(String prefix) {
        return broker.settings("url", bouncerUrl(), "table-prefix", prefix);
    }
}
