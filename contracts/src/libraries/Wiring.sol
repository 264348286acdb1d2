// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice The address of every contract of the economy, known before the first is deployed.
/// @dev The order of the fields is the order of deployment: field i is created by the deployer's nonce n + i.
///      The deployment script and the tests read the order from here (through the ABI); nothing else repeats it,
///      except Directory, which a test compares.
struct Wiring {
    address forwarder;
    address credit;
    address faucet;
    address vault;
    address parameters;
    address breaker;
    address agentRegistry;
    address stake;
    address reputation;
    address validation;
    address agency;
    address taskMarket;
    address workLeases;
    address dataLeases;
    address verifierPool;
    address disputes;
    address bounties;
    address channels;
    address guilds;
    address workflows;
    address checkpoints;
    address rewards;
    address treasury;
    address council;
    address governor;
    address timelock;
    address directory;
    address jobs;
}

/// @notice What a deployment decides once: who sits on the council, who guards, who attests, who holds the supply.
struct Genesis {
    address[5] council;
    address[] guardians;
    address[] attesters;
    address supplyHolder;
    uint256 supply;
    uint256 treasurySupply;
    uint256 faucetSupply;
    bytes32 catalogHash;
}
