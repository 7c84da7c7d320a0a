package dev.channels.backend.postgresql;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.channels.spi.contract.Outage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;

/** The contract of all backends through PgBouncer, which has the proxy before the server. */
abstract class PgBouncerContract extends PostgresqlContract {

    /** Of the test class that runs. */
    private static PgBouncer bouncer;

    static void start(String mode) throws Exception {
        Optional<Path> executable = PgBouncer.installed();
        assumeTrue(
                executable.isPresent(),
                "PgBouncer is not tested: it is not installed, and -Dpgbouncer names none");
        bouncer = new PgBouncer(executable.get(), proxyPort(), mode);
    }

    @AfterAll
    static void stopPgBouncer() throws Exception {
        if (bouncer != null) {
            bouncer.close();
            bouncer = null;
        }
    }

    /** It ends when PgBouncer has found out: until then it turns everybody away. */
    @Override
    protected final Optional<Outage> outage() {
        Outage atServer = super.outage().orElseThrow();
        return Optional.of(
                new Outage() {
                    @Override
                    public void begin() throws Exception {
                        atServer.begin();
                    }

                    @Override
                    public void end() throws Exception {
                        atServer.end();
                        await().atMost(Duration.ofSeconds(30))
                                .pollInterval(Duration.ofMillis(50))
                                .until(PgBouncerContract::letsIn);
                    }
                });
    }

    private static boolean letsIn() {
        try (Connection connection = DriverManager.getConnection(bouncerUrl(), "postgres", "")) {
            return connection.isValid(10);
        } catch (SQLException e) {
            return false;
        }
    }

    /** Returns a URL that leads through PgBouncer. */
    static String bouncerUrl() {
        return broker.url(bouncer.port());
    }
}
