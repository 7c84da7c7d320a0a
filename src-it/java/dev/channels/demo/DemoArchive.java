package dev.channels.demo;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ExplodedImporter;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** The demo's WAR, with the library in it as any application would have it. */
final class DemoArchive {

    private static final File SOURCES = new File("src-it/demo");

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
                        Operators.class,
                        Payloads.class,
                        Reading.class,
                        SlowReader.class,
                        StatusResource.class,
                        Thermometer.class,
                        Visitors.class,
                        Visits.class)
                .addAsResource(
                        new File(SOURCES, "resources/META-INF/microprofile-config.properties"),
                        "META-INF/microprofile-config.properties")
                .addAsWebResource(new File(SOURCES, "webapp/index.html"))
                .addAsWebResource(new File(SOURCES, "webapp/demo.css"))
                .addAsWebResource(new File(SOURCES, "webapp/demo.js"))
                .setWebXML(new File(SOURCES, "webapp/WEB-INF/web.xml"))
                .addAsLibrary(jar(library));
    }

    private static JavaArchive jar(Path library) {
        return Files.isDirectory(library)
                ? ShrinkWrap.create(ExplodedImporter.class, "channels-ee.jar")
                        .importDirectory(library.toFile())
                        .as(JavaArchive.class)
                : ShrinkWrap.createFromZipFile(JavaArchive.class, library.toFile());
    }
}
