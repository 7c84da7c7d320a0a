package dev.channels.matrix;

import dev.channels.demo.Directories;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Tomcat, whose applications bring CDI and MicroProfile Config. */
final class TomcatSmokeServer extends SmokeServer {

    private static final String CONFIGURATION =
            """
            <Server port="-1">
                <Service name="Catalina">
                    <Connector port="%d"/>
                    <Engine name="Catalina" defaultHost="localhost" backgroundProcessorDelay="1">
                        <Host name="localhost" appBase="webapps"/>
                    </Engine>
                </Service>
            </Server>
            """;

    TomcatSmokeServer(String name, String folder, int oldestJdk) {
        super(name, folder, oldestJdk);
    }

    @Override
    boolean isFull() {
        return false;
    }

    @Override
    File[] libraries() {
        return librariesBeside(home());
    }

    /** Returns what an application brings to a server without CDI. */
    static File[] librariesBeside(Path home) {
        return Objects.requireNonNull(home.resolveSibling("tomcat-libraries").toFile().listFiles());
    }

    @Override
    Path prepare(Path base, int port) throws IOException {
        Path conf = base.resolve("conf");
        Directories.copy(home().resolve("conf"), conf);
        Files.writeString(conf.resolve("server.xml"), CONFIGURATION.formatted(port));
        Files.createDirectories(base.resolve("temp"));
        return base.resolve("webapps");
    }

    @Override
    ProcessBuilder command(Path base, int port) {
        Path bin = home().resolve("bin");
        return new ProcessBuilder(
                java(),
                "-Xmx768m",
                "-Dcatalina.home=" + home(),
                "-Dcatalina.base=" + base,
                "-Djava.io.tmpdir=" + base.resolve("temp"),
                "-cp",
                bin.resolve("bootstrap.jar") + File.pathSeparator + bin.resolve("tomcat-juli.jar"),
                "org.apache.catalina.startup.Bootstrap",
                "start");
    }
}
