// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Credit } from "../src/token/Credit.sol";
import { IAgentRegistry } from "../src/interfaces/IAgentRegistry.sol";
import { IParameters } from "../src/interfaces/IParameters.sol";
import { IVault } from "../src/interfaces/IVault.sol";
import { Accounts } from "../src/libraries/Accounts.sol";
import { Genesis, Wiring } from "../src/libraries/Wiring.sol";
import { vm } from "./Vm.sol";

/// @title The whole economy, deployed the way the deployment script does it: same order, same arguments, by bytecode.
/// @notice Every test contract of the economy inherits this; `wiring` has the addresses.
abstract contract Economy {
    bool public constant IS_TEST = true;

    uint256 internal constant CREDITS = 1e18;
    uint64 internal constant GENESIS_TIME = 1_800_000_000;

    Wiring internal wiring;
    address internal supplyHolder = address(0x5A17);
    address internal guardian = address(0x6A4D);
    address internal attester = address(0xA77E);

    Credit internal credit;
    IVault internal vault;
    IParameters internal parameters;

    /// @notice The names of the artifacts in the order of Wiring's fields.
    function names() internal pure returns (string[28] memory) {
        return [
            "Forwarder",
            "Credit",
            "Faucet",
            "Vault",
            "Parameters",
            "Breaker",
            "AgentRegistry",
            "Stake",
            "Reputation",
            "Validation",
            "Agency",
            "TaskMarket",
            "WorkLeases",
            "DataLeases",
            "VerifierPool",
            "Disputes",
            "Bounties",
            "Channels",
            "Guilds",
            "Workflows",
            "EpochCheckpoints",
            "Rewards",
            "Treasury",
            "Council",
            "AgentGovernor",
            "Timelock",
            "Directory",
            "Jobs"
        ];
    }

    function setUp() public virtual {
        vm.warp(GENESIS_TIME);
        vm.roll(1_000);
        deployEconomy();
    }

    function deployEconomy() internal {
        uint64 nonce = vm.getNonce(address(this));
        address[28] memory places;
        for (uint256 i; i < 28; ++i) {
            places[i] = vm.computeCreateAddress(address(this), nonce + i);
        }
        wiring = abi.decode(abi.encode(places), (Wiring));
        bytes memory arguments = abi.encode(wiring, genesis());
        string[28] memory artifacts = names();
        for (uint256 i; i < 28; ++i) {
            deployOne(artifacts[i], arguments, places[i]);
        }
        credit = Credit(wiring.credit);
        vault = IVault(wiring.vault);
        parameters = IParameters(wiring.parameters);
    }

    function deployOne(string memory artifact, bytes memory arguments, address expected) private {
        try vm.getCode(artifact) returns (bytes memory code) {
            bytes memory init = abi.encodePacked(code, arguments);
            address created;
            assembly ("memory-safe") {
                created := create(0, add(init, 32), mload(init))
            }
            require(created == expected, string.concat("not deployed where expected: ", artifact));
            vm.label(created, artifact);
        } catch {
            // While a contract is being written, its place stays empty; Deployment.t.sol insists on all of them.
            vm.setNonceUnsafe(address(this), vm.getNonce(address(this)) + 1);
        }
    }

    function council() internal pure returns (address[5] memory members) {
        for (uint160 i; i < 5; ++i) {
            members[i] = address(0xC0FFEE00 + i);
        }
    }

    function genesis() internal view virtual returns (Genesis memory g) {
        g.council = council();
        g.guardians = new address[](1);
        g.guardians[0] = guardian;
        g.attesters = new address[](1);
        g.attesters[0] = attester;
        g.supplyHolder = supplyHolder;
        g.supply = 1_000_000_000 * CREDITS;
        g.treasurySupply = 100_000_000 * CREDITS;
        g.faucetSupply = 100_000_000 * CREDITS;
        g.catalogHash = keccak256("catalog of the tests");
    }

    /// @notice Gives `holder` credits in its Vault account, by tokens and a real deposit.
    function fund(address holder, uint256 amount) internal {
        vm.prank(supplyHolder);
        credit.transfer(holder, amount);
        vm.startPrank(holder);
        credit.approve(wiring.vault, amount);
        vault.deposit(amount);
        vm.stopPrank();
    }

    /// @notice Sets a parameter by as many votes as its steps need, each in its time, and comes back to the present.
    function setParam(bytes32 key, uint256 value) internal {
        uint256 present = block.timestamp;
        (uint256 least, uint256 most) = parameters.bounds(key);
        require(value >= least && value <= most, "expected a value inside the parameter's bounds");
        while (parameters.get(key) != value) {
            (uint256 lowest, uint256 highest, uint64 from) = parameters.stepOf(key);
            if (block.timestamp < from) vm.warp(from);
            vm.prank(wiring.timelock);
            parameters.setParam(key, value < lowest ? lowest : value > highest ? highest : value);
        }
        vm.warp(present);
    }

    function balance(bytes32 account) internal view returns (uint256) {
        return vault.balanceOf(account);
    }

    function creditOf(address holder) internal view returns (uint256) {
        return vault.balanceOf(Accounts.credit(holder));
    }

    /// @notice Tries a call that may be refused.
    function attempt(address from, address target, bytes memory data) internal virtual returns (bool done) {
        vm.prank(from);
        (done,) = target.call(data);
    }

    function skip(uint256 seconds_) internal virtual {
        vm.warp(block.timestamp + seconds_);
    }

    function bound(uint256 value, uint256 lowest, uint256 highest) internal pure returns (uint256) {
        return lowest + value % (highest - lowest + 1);
    }
}
