package dev.channels.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Publishing and reading through a container's data source; every second node only polls. */
final class PostgresqlDataSourceContractBrokerIT extends PostgresqlContract {

    private static final String NAME = "java:comp/env/jdbc/channels";

    private static JndiPool pool;

    private int nodes;

    @BeforeAll
    static void bindPool() {
        pool = new JndiPool(NAME, url());
    }

    @AfterAll
    static void closePool() {
        assertThat(pool.borrowed()).as("connections not given back").isZero();
        pool.close();
    }

    @Override
    Map<String, String> settings(String prefix) {
        Map<String, String> settings = broker.settings("data-source", NAME, "table-prefix", prefix);
        settings.put("poll-interval", "20ms");
        if (nodes++ % 2 == 0) {
            settings.put("listen-url", url());
        }
        return settings;
    }

    @Override
    protected boolean pushesPresence() {
        return false;
    }
}
