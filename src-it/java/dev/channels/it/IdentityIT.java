package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.it.identity.Users;
import dev.channels.testkit.RawClient;
import dev.channels.testkit.Wars;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is let in to what, on paths that nothing protects but the policies. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class IdentityIT {

    @ArquillianResource private URI application;

    @Deployment(testable = false)
    static WebArchive war() {
        return Wars.war(
                        "identity",
                        "channels.names=open,known,admins,nobody,not-bob,with blank",
                        "channels.create-ws-route-handlers=true",
                        "channels.policy.known.channels=known,with blank",
                        "channels.policy.known.subscribe=**",
                        "channels.policy.admins.channels=admins",
                        "channels.policy.admins.subscribe=admin",
                        "channels.policy.nobody.channels=nobody",
                        "channels.policy.nobody.subscribe=deny-all")
                .addPackage(Users.class.getPackage())
                // Payara knows roles that are declared only.
                .setWebXML(
                        new StringAsset(
                                "<web-app xmlns='https://jakarta.ee/xml/ns/jakartaee'"
                                        + " version='6.0'><security-role>"
                                        + "<role-name>admin</role-name>"
                                        + "</security-role></web-app>"));
    }

    @ParameterizedTest
    @CsvSource({
        "open, , 101",
        "open, bob, 101",
        "known, , 401",
        "known, bob, 101",
        "known, alice, 101",
        "with%20blank, , 401",
        "with%20blank, bob, 101",
        "with%20blank;jsessionid=1, , 401",
        "%6Bnown, , 401",
        "admins, , 401",
        "admins, bob, 403",
        "admins, alice, 101",
        "adm%69ns, bob, 403",
        "nobody, , 401",
        "nobody, alice, 403",
        "not-bob, alice, 101",
        "not-bob, bob, 403"
    })
    void callerIsLetInToWhatPoliciesAndBeansPermit(String path, String user, int status)
            throws Exception {
        assertThat(status(path, user, user)).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"known", "admins"})
    void wrongPasswordIsNoWayIn(String path) throws Exception {
        assertThat(status(path, "alice", "guess")).isEqualTo(401);
    }

    private int status(String path, String user, String password) throws Exception {
        String target = application.getPath().replaceFirst("/$", "") + "/" + path;
        String[] headers = {};
        if (user != null) {
            byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
            headers =
                    new String[] {
                        "Authorization: Basic " + Base64.getEncoder().encodeToString(both)
                    };
        }
        try (RawClient client = RawClient.connect(application)) {
            client.send(RawClient.handshake(application, target, headers));
            return client.status();
        }
    }
}
