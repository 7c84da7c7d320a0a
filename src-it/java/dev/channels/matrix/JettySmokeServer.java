package dev.channels.matrix;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Jetty, whose applications bring CDI and MicroProfile Config as those of Tomcat do. */
final class JettySmokeServer extends SmokeServer {

    /** Its own of CDI has Jetty ask that of the application; that of JSP brings what Weld needs. */
    private static final String MODULES =
            "ee10-deploy,ee10-annotations,ee10-websocket-jakarta,ee10-cdi,ee10-jsp";

    JettySmokeServer(String name, String folder, int oldestJdk) {
        super(name, folder, oldestJdk);
    }

    @Override
    boolean isFull() {
        return false;
    }

    @Override
    File[] libraries() {
        return TomcatSmokeServer.librariesBeside(home());
    }

    /** A property belongs to the modules that are named before it in its file. */
    @Override
    Path prepare(Path base, int port) throws IOException {
        Path files = Files.createDirectories(base.resolve("start.d"));
        Files.writeString(
                files.resolve("http.ini"), "--modules=http\njetty.http.port=%d\n".formatted(port));
        Files.writeString(
                files.resolve("deploy.ini"),
                "--modules=deployment-scanner\njetty.deploy.scanInterval=1\n");
        Files.writeString(files.resolve("ee10.ini"), "--modules=" + MODULES + "\n");
        return base.resolve("webapps");
    }

    @Override
    ProcessBuilder command(Path base, int port) {
        return new ProcessBuilder(
                List.of(
                        java(),
                        "-Xmx768m",
                        "-jar",
                        home().resolve("start.jar").toString(),
                        "jetty.base=" + base));
    }
}
