package dev.channels.backend.postgresql.read;

import dev.channels.ErrorCode;
import dev.channels.PresenceChange;
import dev.channels.backend.postgresql.connection.SupervisedConnection;
import dev.channels.backend.postgresql.presence.PresenceNotice;
import dev.channels.backend.postgresql.tables.Notifier;
import dev.channels.backend.postgresql.tables.TableNames;
import dev.channels.backend.postgresql.worker.Worker;
import dev.channels.spi.BackendSink;
import dev.channels.spi.Log;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Listens to the notifications of all publishers and wakes the reader.
 *
 * <p>A notification names the channels that may have news, or none if they are too many. It is only
 * a hint: one that is lost with a connection costs time, up to the poll interval, and no event.
 */
public final class Listener implements Worker.Job {

    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(5);

    private final TableNames tables;
    private final Reader reader;
    private final BackendSink sink;

    /** Used by the worker's thread only. */
    private boolean saidUnknown;

    public Listener(TableNames tables, Reader reader, BackendSink sink) {
        this.sink = sink;
        this.tables = tables;
        this.reader = reader;
    }

    @Override
    public void connected(SupervisedConnection database) throws SQLException {
        database.use(
                connection -> {
                    try (Statement statement = connection.createStatement()) {
                        statement.execute("LISTEN \"" + tables.topic() + '"');
                    }
                });
        reader.wakeForAll();
    }

    @Override
    public void step(SupervisedConnection database) throws SQLException {
        if (!database.run(this::listen)) {
            database.probe();
        }
    }

    /** Returns whether anything came. */
    private boolean listen(Connection connection) throws SQLException {
        PGNotification[] notifications =
                connection
                        .unwrap(PGConnection.class)
                        .getNotifications(Math.toIntExact(PROBE_INTERVAL.toMillis()));
        if (notifications == null || notifications.length == 0) {
            return false;
        }
        for (PGNotification notification : notifications) {
            if (PresenceNotice.isOne(notification.getParameter())) {
                tell(notification.getParameter());
                continue;
            }
            List<String> names = Notifier.channels(notification.getParameter());
            if (names == null) {
                sayOnceIfUnknown(notification.getParameter());
                reader.wakeForAll();
            } else {
                reader.wake(names);
            }
        }
        return true;
    }

    /** The plugin leaves out what nobody subscribes to. */
    private void tell(String payload) {
        PresenceChange change = PresenceNotice.decode(payload);
        if (change != null) {
            sink.presenceChanged(change);
        } else {
            sayOnceIfUnknown(payload);
        }
    }

    /** It is only a hint: every form means that something may have come. */
    private void sayOnceIfUnknown(String payload) {
        if (!saidUnknown && !Notifier.isKnown(payload)) {
            saidUnknown = true;
            Log.warn(
                    ErrorCode.UNSUPPORTED_FORMAT,
                    "PostgreSQL brings notifications of a form that this version of Channels EE"
                            + " does not know, on '"
                            + tables.topic()
                            + "'. All channels are looked at for each of them. Use one version of"
                            + " Channels EE on all nodes, and notify nothing there by hand.",
                    null);
        }
    }

    @Override
    public void lost(Throwable cause) {
        // Nobody waits for the listener: the reader polls meanwhile.
    }

    @Override
    public void wake() {
        // It waits in a socket. The other parts ping it by the broker when they have connected.
    }
}
