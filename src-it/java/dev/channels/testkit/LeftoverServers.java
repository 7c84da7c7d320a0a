package dev.channels.testkit;

import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Ends a server of this build that is still there when all tests are over: Payara now and then says
 * that it has stopped, and stays. Found by the directory that it was started from, which no other
 * build has.
 */
public final class LeftoverServers implements LauncherSessionListener {

    private static final long PATIENCE_SECONDS = 15;

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        String servers = System.getProperty("servers.directory");
        if (servers != null) {
            String from = Path.of(servers).toAbsolutePath() + "/";
            ProcessHandle.allProcesses()
                    .filter(process -> isFrom(process, from))
                    .forEach(LeftoverServers::end);
        }
    }

    private static boolean isFrom(ProcessHandle process, String directory) {
        return process.pid() != ProcessHandle.current().pid()
                && process.info().commandLine().orElse("").contains(directory);
    }

    private static void end(ProcessHandle server) {
        try {
            server.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            System.out.println(
                    "Process " + server.pid() + " has not ended by itself; it is killed");
            server.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
