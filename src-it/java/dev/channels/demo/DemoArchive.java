package dev.channels.demo;

import dev.channels.testkit.Libraries;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.importer.ExplodedImporter;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** The demo's WAR, with the library in it as any application would have it. */
final class DemoArchive {

    private static final File SOURCES = new File("src-it/demo");
    private static final String CONFIG = "META-INF/microprofile-config.properties";

    private DemoArchive() {}

    /**
     * Builds the WAR.
     *
     * @param library the library's JAR, or the folder of its classes
     */
    static WebArchive with(Path library) {
        return ShrinkWrap.create(WebArchive.class, "demo.war")
                .addClasses(
                        Answers.class,
                        Answers.OfPlugin.class,
                        Answers.OfResources.class,
                        ChannelResource.class,
                        DemoApplication.class,
                        Health.class,
                        Node.class,
                        Operators.class,
                        Payloads.class,
                        Reading.class,
                        SlowReader.class,
                        StatusResource.class,
                        Thermometer.class,
                        Visitors.class,
                        Visits.class,
                        Warmest.class)
                .addAsResource(new File(SOURCES, "resources/" + CONFIG), CONFIG)
                .addAsWebResource(new File(SOURCES, "webapp/index.html"))
                .addAsWebResource(new File(SOURCES, "webapp/demo.css"))
                .addAsWebResource(new File(SOURCES, "webapp/demo.js"))
                .setWebXML(new File(SOURCES, "webapp/WEB-INF/web.xml"))
                .addAsLibrary(jar(library));
    }

    /**
     * Builds the WAR of one of two nodes.
     *
     * @param library as above
     * @param name the node's
     * @param other where the other one is
     * @param redis the port of the broker that they share
     */
    static WebArchive node(Path library, String name, URI other, int redis) throws IOException {
        return with(
                        library,
                        "channels.backend=redis-streams",
                        "channels.redis-streams.uri=redis://127.0.0.1:" + redis,
                        "channels.redis-streams.history=50",
                        "demo.node=" + name,
                        "demo.other=" + other)
                .addAsLibraries(Libraries.lettuce());
    }

    /** Builds the WAR with more lines of configuration than the demo's own. */
    static WebArchive with(Path library, String... lines) throws IOException {
        WebArchive war = with(library);
        war.delete("WEB-INF/classes/" + CONFIG);
        String own = Files.readString(SOURCES.toPath().resolve("resources").resolve(CONFIG));
        return war.addAsResource(new StringAsset(own + String.join("\n", lines)), CONFIG);
    }

    private static JavaArchive jar(Path library) {
        return Files.isDirectory(library)
                ? ShrinkWrap.create(ExplodedImporter.class, "channels-ee.jar")
                        .importDirectory(library.toFile())
                        .as(JavaArchive.class)
                : ShrinkWrap.createFromZipFile(JavaArchive.class, library.toFile());
    }
}
