package dev.channels.matrix;

import dev.channels.demo.Directories;
import dev.channels.demo.FreePorts;
import dev.channels.demo.PayaraDomain;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** GlassFish and Payara Server, with a copy of their first domain. */
class GlassFishSmokeServer extends SmokeServer {

    private static final String CONFIGURATION = "config/domain.xml";

    GlassFishSmokeServer(String name, String folder, int oldestJdk) {
        super(name, folder, oldestJdk);
    }

    @Override
    Path prepare(Path base, int port) throws IOException {
        Path original = home().resolve("glassfish/domains/domain1");
        Path domain = base.resolve("domain1");
        Directories.copy(original, domain);
        PayaraDomain.configure(
                original.resolve(CONFIGURATION),
                domain.resolve(CONFIGURATION),
                Map.of(
                        "http.port", port,
                        "admin.port", FreePorts.any(),
                        "jms.port", FreePorts.any(),
                        "virtual.threads", virtualExecutor().isPresent()));
        return domain.resolve("autodeploy");
    }

    /** Asks {@code asadmin} for the command, since the domain's options are part of it. */
    @Override
    ProcessBuilder command(Path base, int port) throws IOException {
        ProcessBuilder asadmin =
                new ProcessBuilder(
                                "bash",
                                home().resolve("bin/asadmin").toString(),
                                "start-domain",
                                "--dry-run",
                                "--verbose",
                                "--domaindir",
                                base.toString(),
                                "domain1")
                        .redirectError(Redirect.DISCARD);
        asadmin.environment().put("AS_JAVA", jdk().toString());
        asadmin.environment().put("JAVA_HOME", jdk().toString());
        List<String> lines = asadmin.start().inputReader().lines().toList();
        int java = lines.indexOf(java());
        int end = lines.indexOf("");
        if (java < 0 || end < java) {
            throw new IOException("asadmin does not tell how to start " + name() + ": " + lines);
        }
        return new ProcessBuilder(lines.subList(java, end));
    }

    /** One whose executor has virtual threads; from Jakarta EE 11 on. */
    static final class WithVirtualThreads extends GlassFishSmokeServer {

        WithVirtualThreads(String name, String folder) {
            super(name, folder, 21);
        }

        @Override
        String name() {
            return super.name() + ", virtual threads";
        }

        @Override
        Optional<String> virtualExecutor() {
            return Optional.of("concurrent/own");
        }
    }
}
