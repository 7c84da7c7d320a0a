package dev.channels.testkit;

import java.io.File;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** Makes web applications as a user would: the library's JAR, four lines of properties. */
public final class Wars {

    private Wars() {}

    /**
     * Makes a web application that has nothing but a page: Arquillian tells the address of the
     * server by it.
     *
     * @param name its name, and so its context root
     */
    public static WebArchive withoutLibrary(String name) {
        return ShrinkWrap.create(WebArchive.class, name + ".war")
                .addAsWebResource(new StringAsset(name), "index.html");
    }

    /**
     * Makes a web application with the library.
     *
     * @param name its name, and so its context root
     * @param properties the lines of its {@code microprofile-config.properties}
     */
    public static WebArchive war(String name, String... properties) {
        return ShrinkWrap.create(WebArchive.class, name + ".war")
                .addAsLibrary(new File(System.getProperty("library.jar")), "channels-ee.jar")
                .addAsResource(
                        new StringAsset(String.join("\n", properties)),
                        "META-INF/microprofile-config.properties");
    }
}
